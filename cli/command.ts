import type { ExitCode, Io } from "./io.ts"

/** One word after the program's name, and what it may be followed by. */
export interface Command {
  readonly name: string
  /** One line for the list of commands: what it does, as a verb, without a full stop. */
  readonly summary: string
  /** What stands after the name: `FILE [--output json]`, a line for each form. */
  readonly usage: readonly string[]
  readonly options: Options
  /** Further lines for `--help`. */
  readonly details?: readonly string[]
  readonly run: (input: Input<Options>, io: Io) => Promise<ExitCode>
}

/** Several commands under one word: `colonies submit`, `colonies fs sync`. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
  /** Named without the group's own word. */
  readonly commands: readonly Command[]
}

export type Entry = Command | CommandGroup

/** A group as the commands it holds, with their whole names; a command as itself. */
export function flatten(entries: readonly Entry[]): readonly Command[] {
  return entries.flatMap((entry) =>
    "commands" in entry
      ? entry.commands.map((inner) => ({ ...inner, name: `${entry.name} ${inner.name}` }))
      : [entry],
  )
}

export type Options = Readonly<Record<string, Option>>

/** A flag stands alone; a value follows (`--output json`, `--output=json`), free or out of `choices`. */
export type Option =
  | { readonly kind: "flag"; readonly short?: string; readonly help: string }
  | {
      readonly kind: "value"
      readonly short?: string
      readonly placeholder: string
      readonly choices?: readonly string[]
      readonly help: string
    }

export interface Input<O extends Options> {
  readonly positionals: readonly string[]
  readonly values: { readonly [Name in keyof O]?: ValueOf<O[Name]> }
}

type ValueOf<O extends Option> = O extends { readonly kind: "flag" }
  ? true
  : O extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string

interface TypedCommand<O extends Options> extends Omit<Command, "options" | "run"> {
  readonly options: O
  readonly run: (input: Input<O>, io: Io) => Promise<ExitCode>
}

/** Lets `run` see its own options by name and choice; readArguments makes values of exactly that shape. */
export function command<const O extends Options>(typed: TypedCommand<O>): Command {
  return { ...typed, run: (input, io) => typed.run(input as Input<O>, io) }
}

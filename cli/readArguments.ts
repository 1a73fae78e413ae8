import { parseArgs } from "node:util"
import { nearest } from "#core/check/nearest"
import type { Command, Input, Options } from "./command.ts"
import { either, quote } from "./words.ts"

export type ReadArguments =
  | { readonly kind: "input"; readonly input: Input<Options> }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly sentence: string }

/** Turns what follows a command's name into its input, or into a sentence on what is wrong with it. */
export function readArguments(command: Command, args: readonly string[]): ReadArguments {
  const { options } = command
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      help: { type: "boolean", short: "h" },
      ...Object.fromEntries(Object.entries(options).map(([key, option]) => [key, typeOf(option)])),
    },
  })
  const positionals: string[] = []
  const values: Record<string, string | true> = {}
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value)
    if (token.kind !== "option") continue
    if (token.name === "help") return { kind: "help" }
    const option = options[token.name]
    if (!option) return wrong(unknownOption(command, token.rawName))
    if (option.kind === "flag") {
      if (token.value !== undefined) return wrong(`${token.rawName} takes no value.`)
      values[token.name] = true
      continue
    }
    const value = givenValue(token)
    // Without "=", what begins with a dash is the next option; a single dash is standard input.
    if (value === undefined || (!token.inlineValue && /^-./.test(value))) {
      return wrong(`${token.rawName} wants a value: ${token.rawName} ${option.placeholder}.`)
    }
    if (option.choices && !option.choices.includes(value)) {
      const choices = either(option.choices.map(quote))
      return wrong(`${token.rawName} is ${choices}, not ${quote(value)}.`)
    }
    values[token.name] = value
  }
  return { kind: "input", input: { positionals, values } }
}

/** `-o=json` is `-o json`, as in kubectl. */
function givenValue(token: { rawName: string; value?: string; inlineValue?: boolean }) {
  return token.inlineValue && !token.rawName.startsWith("--")
    ? token.value?.replace(/^=/, "")
    : token.value
}

function wrong(sentence: string): ReadArguments {
  return { kind: "wrong", sentence }
}

function unknownOption({ name, options }: Command, written: string): string {
  const words = Object.keys(options).map((option) => `--${option}`)
  const like = written.startsWith("--") ? nearest(written, [...words, "--help"]) : undefined
  return `${quote(name)} has no option ${quote(written)}.${like ? ` Did you mean ${quote(like)}?` : ""}`
}

function typeOf(option: Options[string]) {
  const type = option.kind === "flag" ? ("boolean" as const) : ("string" as const)
  return option.short ? { type, short: option.short } : { type }
}

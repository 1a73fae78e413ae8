import { nearest } from "#core/check/nearest"
import manifest from "../package.json"
import type { Command } from "./command.ts"
import { commands } from "./commands.ts"
import { commandHelp, overallHelp } from "./help.ts"
import type { ExitCode, Io } from "./io.ts"
import { readArguments } from "./readArguments.ts"
import { Refusal } from "./refusal.ts"
import { quote } from "./words.ts"

/** Runs one command. Results go to stdout, talk to stderr; the answer is the exit code. */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  const [word, ...rest] = args
  if (word === undefined) {
    io.stderr.write(overallHelp(commands))
    return 2
  }
  if (word === "--version") {
    io.stdout.write(`${manifest.version}\n`)
    return 0
  }
  if (word === "--help" || word === "-h") return help([], io)
  if (word === "help") return help(rest, io)
  const command = commands.find((candidate) => candidate.name === word)
  return command ? run(command, rest, io) : wrong(unknownCommand(word), io)
}

async function run(command: Command, args: readonly string[], io: Io): Promise<ExitCode> {
  const read = readArguments(command, args)
  if (read.kind === "help") return help([command.name], io)
  if (read.kind === "wrong") return wrong(read.sentence, io, command.name)
  try {
    return await command.run(read.input, io)
  } catch (error) {
    if (error instanceof Refusal) {
      io.stderr.write(`${error.message}\n`)
      return error.code
    }
    // The one place where a mistake of ours ends; users get a sentence, whoever mends it the stack.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    io.stderr.write(
      `This is a fault in ${io.program}, not in your files. It stopped here:\n${stack}\n`,
    )
    return 2
  }
}

function help([name]: readonly string[], io: Io): ExitCode {
  const command = commands.find((candidate) => candidate.name === name)
  if (name !== undefined && !command) return wrong(unknownCommand(name), io)
  io.stdout.write(command ? commandHelp(command) : overallHelp(commands))
  return 0
}

function unknownCommand(word: string): string {
  const names = commands.map((command) => command.name)
  if (word.startsWith("-")) return `There is no option ${quote(word)} before a command.`
  const like = nearest(word, names)
  return `${quote(word)} is not a command.${like ? ` Did you mean ${quote(like)}?` : ""}`
}

function wrong(sentence: string, io: Io, command?: string): ExitCode {
  const more = command ? `${io.program} ${command} --help` : `${io.program} --help`
  io.stderr.write(`${sentence}\nSee ${more}.\n`)
  return 2
}

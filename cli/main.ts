import { nearest } from "#core/check/nearest"
import manifest from "../package.json"
import { type Command, type Entry, flatten } from "./command.ts"
import { commands } from "./commands.ts"
import { commandHelp, groupHelp, overallHelp } from "./help.ts"
import type { ExitCode, Io } from "./io.ts"
import { readArguments } from "./readArguments.ts"
import { isRefusal } from "./refusal.ts"
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
  const entry = commands.find((candidate) => candidate.name === word)
  if (entry === undefined) return wrong(unknownCommand(word, commands), io)
  if (!("commands" in entry)) return run(entry, rest, io)
  if (rest.length === 0) {
    io.stderr.write(groupHelp(entry))
    return 2
  }
  if (rest[0] === "--help" || rest[0] === "-h") return help([word], io)
  const command = inGroup(entry, rest)
  return command
    ? run(command, rest.slice(command.name.split(" ").length - 1), io)
    : wrong(unknownCommand(rest.join(" "), entry.commands), io, word)
}

/** The command whose words come first; of two such the longer: `fs snapshot ls` before `fs`. */
function inGroup(group: Entry, words: readonly string[]): Command | undefined {
  const typed = `${group.name} ${words.join(" ")} `
  return flatten([group])
    .filter(({ name }) => typed.startsWith(`${name} `))
    .sort((a, b) => b.name.length - a.name.length)[0]
}

async function run(command: Command, args: readonly string[], io: Io): Promise<ExitCode> {
  const read = readArguments(command, args)
  if (read.kind === "help") return help(command.name.split(" "), io)
  if (read.kind === "wrong") return wrong(read.sentence, io, command.name)
  try {
    return await command.run(read.input, io)
  } catch (error) {
    if (isRefusal(error)) {
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

function help(words: readonly string[], io: Io): ExitCode {
  const [word] = words
  const entry = commands.find((candidate) => candidate.name === word)
  if (word === undefined) {
    io.stdout.write(overallHelp(commands))
    return 0
  }
  if (entry === undefined) return wrong(unknownCommand(word, commands), io)
  if (!("commands" in entry)) {
    io.stdout.write(commandHelp(entry))
    return 0
  }
  const command = inGroup(entry, words.slice(1))
  if (command === undefined && words.length > 1) {
    return wrong(unknownCommand(words.slice(1).join(" "), entry.commands), io, word)
  }
  io.stdout.write(command ? commandHelp(command) : groupHelp(entry))
  return 0
}

function unknownCommand(word: string, known: readonly Entry[]): string {
  if (word.startsWith("-")) return `There is no option ${quote(word)} before a command.`
  const like = nearest(
    word,
    known.map(({ name }) => name),
  )
  return `${quote(word)} is not a command.${like ? ` Did you mean ${quote(like)}?` : ""}`
}

function wrong(sentence: string, io: Io, command?: string): ExitCode {
  const more = command ? `${io.program} ${command} --help` : `${io.program} --help`
  io.stderr.write(`${sentence}\nSee ${more}.\n`)
  return 2
}

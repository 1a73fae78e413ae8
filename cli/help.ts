import type { Command, CommandGroup, Entry, Option } from "./command.ts"
import { wrap } from "./words.ts"

/** What `kube-executions --help` prints. */
export function overallHelp(commands: readonly Entry[]): string {
  const rows = commands.map((command): [string, string] => [command.name, command.summary])
  return lines(
    "Batch workflows as files: see mistakes, the graph, and run them as Kubernetes Jobs.",
    "",
    "Usage: kube-executions COMMAND [ARGUMENTS]",
    "",
    "Commands:",
    ...table(rows),
    "",
    "Options:",
    ...table([
      ["-h, --help", "show this, or with a command what it takes"],
      ["--version", "show the version"],
    ]),
    "",
    "Exit codes: 0 good, 1 the spec or the run failed, 2 wrong use, 130 ended by Ctrl+C.",
    "As a kubectl plug-in: kubectl executions COMMAND.",
  )
}

/** What `kube-executions GROUP --help` prints. */
export function groupHelp({ name, summary, commands }: CommandGroup): string {
  return lines(
    `${summary}.`,
    "",
    `Usage: kube-executions ${name} COMMAND [ARGUMENTS]`,
    "",
    "Commands:",
    ...table(commands.map((command): [string, string] => [command.name, command.summary])),
    "",
    `kube-executions ${name} COMMAND --help says what a command takes.`,
  )
}

/** What `kube-executions COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const usage = command.usage.map(
    (form, i) => `${i === 0 ? "Usage:" : "      "} kube-executions ${command.name} ${form}`,
  )
  const rows = Object.entries(command.options).map(optionRow)
  return lines(
    `${command.summary}.`,
    "",
    ...usage,
    ...(command.details ? ["", ...command.details] : []),
    "",
    "Options:",
    ...table([...rows, ["-h, --help", "show this"]]),
  )
}

function optionRow([name, option]: [string, Option]): [string, string] {
  const short = option.short ? `-${option.short}, ` : ""
  const value = option.kind === "value" ? ` ${option.placeholder}` : ""
  return [`${short}--${name}${value}`, option.help]
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.flatMap(([left, right]) =>
    wrap(right, columns - width - 4).map(
      (line, i) => `  ${(i === 0 ? left : "").padEnd(width)}  ${line}`,
    ),
  )
}

const columns = 80

function lines(...all: string[]): string {
  return `${all.join("\n")}\n`
}

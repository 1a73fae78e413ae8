import type { Hover, Position } from "vscode-languageserver-types"
import { count } from "#core/check/count"
import { documentation } from "#core/complete/documentation"
import { firstCommands } from "#core/hint/firstCommands"
import { listed } from "#core/hint/inlayHints"
import { type Description, describe } from "#core/spec/describe"
import { type Question, questionAt, tasksNamedAt } from "#core/spec/questionAt"
import { resolvedValue } from "#core/spec/resolvedValue"
import { rangeOf, type SpecFile } from "#core/spec/specFile"
import type { TaskFacts } from "#core/workflow"

/** What a key means, what its value becomes, and what a task is that is named here. */
export function hover(file: SpecFile, position: Position): Hover | null {
  const question = questionAt(file, position)
  if (!question) return null
  const { standing, at, item, task, path } = question
  const { dialect, frame } = standing.document
  if (!dialect || !frame) return null
  const paragraphs: string[] = []
  const description = describe(dialect, path)
  if (description) paragraphs.push(...headed(description))
  const steps = at.isInKey && at.key ? fanOut(String(at.key.value), question) : undefined
  if (steps) paragraphs.push("---", ...steps)
  const named = at.isInKey ? undefined : tasksNamedAt(file, position)?.tasks[0]
  if (named) paragraphs.push(summary(named.task))
  const value = at.isInKey ? undefined : resolvedValue(at, task, dialect, frame.head)
  if (value !== undefined) paragraphs.push(`Becomes\n${fenced(shortened(value))}`)
  if (paragraphs.length === 0) return null
  const span = at.isInKey && at.key ? at.key.span : at.value.span
  return {
    contents: { kind: "markdown", value: atMost(mostLines, paragraphs.join("\n\n")) },
    range: rangeOf({ item, span }, standing),
  }
}

function headed(description: Description): string[] {
  const { key, type, required } = description
  const facts = [type, required ? "required" : "", absent(description)].filter(
    (word) => word !== "",
  )
  const words = documentation(description)
  return [`**${escaped(key)}** · ${facts.join(" · ")}`, ...(words ? [words] : [])]
}

function absent({ default: value }: Description): string {
  return value === undefined ? "" : `default \`${JSON.stringify(value)}\``
}

/** The Jobs that stand behind a key, and the commands of the first. */
function fanOut(key: string, { standing, item, task }: Question): readonly string[] | undefined {
  const { dialect, frame } = standing.document
  if (!fanOutKeys.includes(key) || !dialect || !frame || !item || !task) return undefined
  const { steps } = item.task
  if (steps.kind === "dynamic") return ["**1 Job or more**, as many as there are results"]
  if (steps.count === 0) return undefined
  const commands = firstCommands(task, dialect, frame.head, mostCommands)
  const list = listed(commands, steps)
  return [`**${count(steps.count, "Job")}**`, ...(list ? [list] : [])]
}

const mostCommands = 3

const fanOutKeys = [
  "commandSet",
  "commands",
  "commandsIter",
  "varsIter",
  "commands_iter",
  "vars_iter",
  "vars",
]

/** A hover says what it has to say in a few lines; those between paragraphs do not count. */
function atMost(most: number, text: string): string {
  let left = most
  const lines = text.split("\n").filter((line) => line === "" || left-- > 0)
  return lines.join("\n").trimEnd()
}

const mostLines = 9

function summary({ name, steps, dependencies }: TaskFacts): string {
  const size =
    steps.kind === "known" ? count(steps.count, "step") : "steps known only while it runs"
  const waits = dependencies.slice(0, 3).map(({ target }) => `"${escaped(target.value)}"`)
  const more = dependencies.length > 3 ? ` and ${dependencies.length - 3} more` : ""
  const after = waits.length > 0 ? `; waits for ${waits.join(", ")}${more}` : ""
  return `Task "${escaped(name?.value ?? "")}": ${size}${after}.`
}

/** Text of the user's is shown as it is, never as markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+!|~-]/g, "\\$&").replace(/\s+/g, " ")
}

function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}

function shortened(text: string): string {
  const lines = text.split("\n").slice(0, 4).join("\n")
  return lines.length > 400 ? `${lines.slice(0, 400)}…` : lines
}

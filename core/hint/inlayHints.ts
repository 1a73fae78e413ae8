import { count, grouped } from "../check/count.ts"
import { readers } from "../check/rules.ts"
import { taskNodes } from "../spec/frame.ts"
import { field, numberField } from "../spec/functionSpec.ts"
import { entryAt, givenAt, stringAt } from "../spec/lookup.ts"
import type { Place } from "../spec/openDocument.ts"
import type { Standing } from "../spec/specFile.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import { itemsOf, type MapEntry, type TreeNode } from "../spec/tree.ts"
import { firstCommands } from "./firstCommands.ts"

/** Something to read beside the text that the text does not say. */
export interface Hint {
  /** Stands behind the end of this place. */
  readonly place: Place
  readonly label: string
  /** Markdown for the pointer. */
  readonly tooltip?: string | undefined
}

/** The hints of one task: how many Jobs it becomes, and what holds where nothing is said. */
export function taskHints(item: TaskItem, { document }: Standing): readonly Hint[] {
  const { dialect, frame } = document
  const body = bodyOf(item, { document })
  if (!dialect || !frame || !body) return []
  const place = ({ key }: MapEntry): Place => {
    return { item, span: { start: key.span.start, end: key.span.end + 1 } }
  }
  const hints: Hint[] = []
  const fanOut = fanOutEntry(body)
  const { steps } = item.task
  if (fanOut && (steps.kind === "dynamic" || steps.count > 1)) {
    const commands = firstCommands(body, dialect, frame.head, 5)
    const label = steps.kind === "dynamic" ? "1 Job or more" : count(steps.count, "Job")
    hints.push({ place: place(fanOut), label, tooltip: listed(commands, steps) })
  }
  const nodes = numberField(field(body, "conditions"), "nodes")
  if (nodes && nodes.value > 1 && dialect !== "execution" && dialect !== "gcs") {
    hints.push({ place: { item, span: nodes.span }, label: `1 Job, ${count(nodes.value, "pod")}` })
  }
  for (const dependency of itemsOf(givenAt(body, "dependents") ?? givenAt(body, "depends"))) {
    const target = stringAt(dependency, "target")
    if (!target || givenAt(dependency, "type")) continue
    hints.push({
      place: { item, span: target.span },
      label: "whole",
      tooltip: "No `type` is given: this waits for every step of the task.",
    })
  }
  return hints
}

/** The key under which the commands of a task stand, its rows where it has some. */
function fanOutEntry(body: TreeNode): MapEntry | undefined {
  const iter = givenAt(body, "commandsIter") ?? givenAt(body, "commands_iter")
  const rows = entryAt(iter, "varsIter") ?? entryAt(iter, "vars_iter") ?? entryAt(iter, "vars")
  return rows ?? entryAt(body, "commandSet") ?? entryAt(body, "commands")
}

/** What stands in a task; in a document that is not laid out line by line, from the tree of all. */
export function bodyOf(item: TaskItem, { document }: Pick<Standing, "document">) {
  const { frame, dialect } = document
  const reader = dialect && readers[dialect]
  const own = document.taskTree(item)?.body
  return own ?? (frame && reader && taskNodes(frame.tree, reader)[item.rank]?.body)
}

/** Commands as a list, and how many more there are. */
export function listed(
  commands: readonly string[],
  steps: TaskItem["task"]["steps"],
): string | undefined {
  if (commands.length === 0) return undefined
  const lines = commands.map((command) => `- ${inCode(command)}`)
  const more = steps.kind === "known" ? steps.count - commands.length : 0
  return [...lines, ...(more > 0 ? [`- and ${grouped(more)} more`] : [])].join("\n")
}

function inCode(command: string): string {
  const line = command.trim().replace(/\s*\n\s*/g, " ⏎ ")
  const short = line.length > 120 ? `${line.slice(0, 120)}…` : line
  const ticks = (short.match(/`+/g) ?? []).map((run) => run.length)
  const fence = "`".repeat(Math.max(0, ...ticks) + 1)
  return ticks.length > 0 ? `${fence} ${short} ${fence}` : `\`${short}\``
}

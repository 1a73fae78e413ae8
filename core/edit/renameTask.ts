import { excessOf } from "../check/nameTooLong.ts"
import { labelFault, nameSentence } from "../spec/dnsName.ts"
import type { OpenDocument, Place } from "../spec/openDocument.ts"
import { unescaped } from "../spec/scalar.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import { type Occurrence, occurrencesOf, textOf } from "./occurrences.ts"
import type { PlacedEdit } from "./section.ts"
import { writeScalar } from "./writeScalar.ts"

export type Renaming =
  | { readonly kind: "edits"; readonly edits: readonly PlacedEdit[] }
  /** A sentence that says why not. */
  | { readonly kind: "refused"; readonly reason: string }

/** Calls the task that a place names something else, wherever it is named. */
export function renameTask(
  document: OpenDocument,
  { item, span, name }: Place & { readonly name: string },
  to: string,
): Renaming {
  const { members, frame } = document
  if (!members || !frame) return refused("There is no task here.")
  if (name === to) return { kind: "edits", edits: [] }
  const tasks = members.named(name)
  if (tasks.length === 0) return refused(`There is no task "${name}" that could be renamed.`)
  const isOwn =
    item !== undefined && tasks.includes(item) && item.task.name?.span.start === span.start
  const fault = nameFault(document, tasks, to)
  if (fault !== undefined) return refused(fault)
  if (tasks.length === 1) return editsAt(document, occurrencesOf(document, name), name, to)
  if (!isOwn) {
    return refused(`${tasks.length} tasks are named "${name}": rename one of them where it stands.`)
  }
  // Who waits for the name waits for the first task that has it.
  const own = { item, span, role: "definition" as const, isInside: false }
  if (tasks[0] === item)
    return refused(`Another task is named "${name}", too: rename that one first.`)
  return editsAt(document, [own], name, to)
}

function nameFault(
  document: OpenDocument,
  tasks: readonly TaskItem[],
  to: string,
): string | undefined {
  const { dialect, frame, members } = document
  if (to === "") return "A task needs a name."
  if (members && members.named(to).length > 0) {
    return `Another task is named "${to}": each needs a name of its own.`
  }
  const [waiting] = members?.waitingFor(to) ?? []
  if (waiting) {
    return `"${waiting.task.name?.value ?? ""}" already names a task "${to}" that is not there: it would then mean this one.`
  }
  if (dialect === "gcs" && !/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(to)) {
    return `"${to}" is not a name genectl takes: use at most 40 lower-case letters, digits and "-", with a letter first and no "-" at the end.`
  }
  if (dialect !== "execution" && dialect !== "gcs") return undefined
  const fault = labelFault(to)
  if (fault) return nameSentence("Task", to, fault)
  const head = frame?.head
  if (!head) return undefined
  for (const { task } of tasks) {
    if (!task.name) continue
    const excess = excessOf({ ...task, name: { ...task.name, value: to } }, head)
    if (excess > 0)
      return `The names of its Jobs would be too long for Kubernetes: shorten "${to}" by ${excess}.`
  }
  return undefined
}

function editsAt(
  document: OpenDocument,
  occurrences: readonly Occurrence[],
  name: string,
  to: string,
): Renaming {
  const edits: PlacedEdit[] = []
  const isJson =
    document.text.layout?.kind === "json" || /^\s*[[{]/.test(document.text.beginning(1))
  for (const { item, span, isInside } of occurrences) {
    const text = textOf(document, item)
    const written = text.slice(span.start, span.end)
    if (written.startsWith("*")) {
      if (occurrences.some((other) => holdsAnchor(document, other, written.slice(1)))) continue
      return refused(
        `"${name}" is also named behind "${written}", which repeats what stands elsewhere.`,
      )
    }
    const newText = isInside ? inCall(written, name, to) : respelt(written, name, to, isJson)
    if (newText === undefined) {
      return refused(
        `"${name}" is written in a way here that cannot be changed by itself: ${written}`,
      )
    }
    edits.push({ item, span, newText })
  }
  return { kind: "edits", edits }
}

/** Whether the text that an alias repeats is among the places that change anyway. */
function holdsAnchor(document: OpenDocument, { item, span }: Occurrence, anchor: string): boolean {
  const text = textOf(document, item)
  if (text.charAt(span.start) === "*") return false
  return text
    .slice(0, span.start)
    .split(/[\s[{,]+/)
    .includes(`&${anchor}`)
}

/** The new name in the quotes of the old one. */
function respelt(written: string, name: string, to: string, isJson: boolean): string | undefined {
  if (written === name) return writeScalar(to, "plain", false)
  const inside = written.slice(1, -1)
  if (written.startsWith('"'))
    return unescaped(inside) === name || isJson ? writeScalar(to, "double") : undefined
  if (written.startsWith("'") && inside.replaceAll("''", "'") === name)
    return writeScalar(to, "single")
  return undefined
}

/** The new name as the first word of a call; quotes around the call stay. */
function inCall(written: string, name: string, to: string): string | undefined {
  if (written === name) return to
  const open = written.indexOf("(")
  const at = written.indexOf(name, open + 1)
  if (open < 0 || at < 0 || written.slice(open + 1, at).trim() !== "") return undefined
  return written.slice(0, at) + to + written.slice(at + name.length)
}

function refused(reason: string): Renaming {
  return { kind: "refused", reason }
}

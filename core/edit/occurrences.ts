import type { Span } from "../problem.ts"
import type { OpenDocument, Place } from "../spec/openDocument.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import { itemsOf, type TreeNode, at as valueAt } from "../spec/tree.ts"
import type { TaskFacts } from "../workflow.ts"

/** A place that spells a task's name. */
export interface Occurrence extends Place {
  readonly role: "definition" | "use"
  /** The name is a part of the text of a function call, which has the quotes. */
  readonly isInside: boolean
}

/** Where a task is named: itself, what waits for it, functions and conditions, and the head. */
export function occurrencesOf(document: OpenDocument, name: string): readonly Occurrence[] {
  const { members, dialect, frame } = document
  if (!members || !dialect || !frame) return []
  const found: Occurrence[] = []
  for (const item of members.named(name)) {
    if (item.task.name)
      found.push({ item, span: item.task.name.span, role: "definition", isInside: false })
  }
  for (const item of new Set(members.waitingFor(name))) {
    for (const { span, isInside } of usesIn(item.task, name, dialect === "gcs")) {
      found.push({ item, span, role: "use", isInside })
    }
  }
  if (dialect === "execution") {
    for (const span of inHead(frame.tree, name)) {
      found.push({ item: undefined, span, role: "use", isInside: false })
    }
  }
  return found
}

/** Places of the tasks that are laid out by themselves count from their own start. */
export function textOf(document: OpenDocument, item: TaskItem | undefined): string {
  return document.text.layout && item ? item.text : document.text.frame()
}

function usesIn(
  { dependencies, references = [] }: TaskFacts,
  name: string,
  isGcs: boolean,
): readonly { readonly span: Span; readonly isInside: boolean }[] {
  return [
    ...dependencies
      .filter(({ target }) => target.value === name)
      .map(({ target }) => ({ span: target.span, isInside: false })),
    ...references
      .filter(({ target }) => target.value === name)
      .map(({ by, target }) => ({
        span: target.span,
        isInside: isGcs && by !== "genericCondition",
      })),
  ]
}

/** `spec.until` and `spec.resumeFrom.rerun` name tasks, too. */
function inHead(tree: TreeNode, name: string): readonly Span[] {
  const spec = valueAt(tree, "spec")
  return [valueAt(spec, "until"), valueAt(valueAt(spec, "resumeFrom"), "rerun")]
    .flatMap(itemsOf)
    .flatMap((node) => (node.kind === "scalar" && node.value === name ? [node.span] : []))
}

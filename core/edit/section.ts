import type { Span } from "../problem.ts"
import type { Path } from "../spec/describe.ts"
import type { OpenDocument, Place } from "../spec/openDocument.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import type { MapEntry, MapNode, ScalarNode, SeqNode, TreeNode } from "../spec/tree.ts"

/** A change of a document: this text in the place of what stands there. */
export interface PlacedEdit extends Place {
  readonly newText: string
}

/** A change inside one text. */
export interface TextChange {
  readonly span: Span
  readonly newText: string
}

/** A text of a document that is read by itself, a task or what stands around them, with its tree. */
export interface Section {
  readonly item: TaskItem | undefined
  readonly text: string
  readonly tree: TreeNode
  /** Where tasks are the entries of a map: the task's key. */
  readonly key: ScalarNode | undefined
  /** The way from the root of the document to the tree. */
  readonly path: Path
  readonly isJson: boolean
  readonly lineEnd: string
}

export function sectionOf(document: OpenDocument, item: TaskItem | undefined): Section | undefined {
  const { frame, text } = document
  if (!frame) return undefined
  const own = text.layout && item
  const node = own ? document.taskTree(own) : { body: frame.tree, key: undefined }
  if (!node) return undefined
  const head = text.beginning(1)
  return {
    item,
    text: own ? own.text : text.frame(),
    tree: node.body,
    key: node.key,
    path: own ? [...(frame.path ?? []), node.key ? String(node.key.value) : own.rank] : [],
    isJson: /^\ufeff?\s*[[{]\s*(?:["{}[\]]|$)/.test(head),
    lineEnd: head.includes("\r\n") ? "\r\n" : "\n",
  }
}

/** Edits of a section where they stand in its document. */
export function placed(section: Section, changes: readonly TextChange[]): readonly PlacedEdit[] {
  return changes.map((change) => ({ ...change, item: section.item }))
}

/** A node on the way from a section's tree to a place, with the collection that holds it. */
export interface Step {
  readonly node: TreeNode
  /** Undefined for the tree itself. */
  readonly within:
    | { readonly map: MapNode; readonly index: number }
    | { readonly seq: SeqNode; readonly index: number }
    | undefined
  readonly path: Path
}

/** The nodes around a span, from the outside in; keys count as the nodes of their own entries. */
export function stepsTo({ tree, key, path, text }: Section, span: Span): readonly Step[] {
  const steps: Step[] = []
  if (key && covers(key.span, span)) return [{ node: key, within: undefined, path }]
  let node: TreeNode = tree
  let here: Path = path
  let within: Step["within"]
  for (;;) {
    if (isCopy(node, text)) return steps
    steps.push({ node, within, path: here })
    if (node.kind === "scalar") return steps
    if (node.kind === "seq") {
      const index: number = node.items.findIndex((item) => covers(item.span, span))
      const item: TreeNode | undefined = node.items[index]
      if (!item) return steps
      within = { seq: node, index }
      here = [...here, index]
      node = item
      continue
    }
    const index: number = node.entries.findIndex(
      (entry) => covers(entry.key.span, span) || covers(entry.value.span, span),
    )
    const entry: MapEntry | undefined = node.entries[index]
    if (!entry) return steps
    within = { map: node, index }
    here = [...here, String(entry.key.value)]
    node = covers(entry.key.span, span) ? entry.key : entry.value
  }
}

/** What an alias repeats stands somewhere else: nothing can be changed here. */
export function isCopy({ span }: TreeNode, text: string): boolean {
  return text.charCodeAt(span.start) === 0x2a /* * */
}

export function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

/** The map that stands at exactly this span. */
export function mapAt(section: Section, span: Span): Step | undefined {
  return stepsTo(section, span).find(
    ({ node }) =>
      node.kind === "map" && node.span.start === span.start && node.span.end === span.end,
  )
}

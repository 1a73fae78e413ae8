import { headRules } from "../check/rules.ts"
import type { Problem, Span } from "../problem.ts"
import type { DialectReader, Head } from "./dialect.ts"
import type { Anchors } from "./exact.ts"
import { jsonSize } from "./jsonSize.ts"
import type { TaskNode } from "./readTask.ts"
import { readText } from "./readText.ts"
import type { Layout } from "./split.ts"
import { at, isNull, type MapEntry, type TreeNode } from "./tree.ts"

/** What stands around the tasks of a document. Spans count through the head and on into the tail. */
export interface Frame {
  readonly head: Head
  readonly problems: readonly Problem[]
  readonly anchors: Anchors | undefined
  readonly bytes: number
  /** The key that holds the tasks, or what there is of the document. */
  readonly tasksAt: Span
  /** The keys that lead to the tasks; undefined where there are none, or only the document itself. */
  readonly path: readonly string[] | undefined
  /** The document without its tasks; in a document that is not laid out line by line, all of it. */
  readonly tree: TreeNode
}

/** Reads a document from which the tasks were taken out. */
export function readFrame(text: string, layout: Layout, reader: DialectReader): Frame {
  const { tree, problems, anchors } = readText(text)
  const path = pathTaken(tree, reader)
  const tasks = emptyTasks(layout, path ? text.length : 0)
  const whole = path ? put(tree ?? tasks, path, tasks) : undefined
  return frame(whole ?? tree ?? tasks, whole && tasks, { problems, anchors }, reader, path)
}

/** Reads a document as it stands; the tasks are found in its tree. */
export function readWhole(text: string, reader: DialectReader): Frame {
  const { tree, problems, anchors } = readText(text)
  const root = tree ?? emptyTasks({ kind: "list", base: -1, indent: 0 }, 0)
  const path = pathTaken(tree, reader)
  const found = path && nodeAt(root, path)
  // A head rule passes over the tasks; where there are none it must see that.
  const isFull =
    found &&
    ((found.kind === "seq" && found.items.length > 0) ||
      (found.kind === "map" && found.entries.length > 0))
  return frame(root, isFull ? found : undefined, { problems, anchors }, reader, path)
}

/** The tasks in the tree of a document read whole. */
export function taskNodes(root: TreeNode, reader: DialectReader): readonly TaskNode[] {
  if (reader.tasksAre === "one") return [{ body: root, key: undefined }]
  const path = pathTaken(root, reader)
  const tasks = path && nodeAt(root, path)
  if (tasks?.kind === "seq") return tasks.items.map((body) => ({ body, key: undefined }))
  if (tasks?.kind === "map") return tasks.entries.map(({ key, value }) => ({ body: value, key }))
  return []
}

function frame(
  tree: TreeNode,
  tasks: TreeNode | undefined,
  { problems, anchors }: { problems: readonly Problem[]; anchors: Anchors | undefined },
  reader: DialectReader,
  path: readonly string[] | undefined,
): Frame {
  const head = reader.readHead(tree)
  const found = [...problems]
  for (const rule of headRules) {
    if (!rule.dialects.includes(reader.dialect)) continue
    for (const problem of rule.check({ dialect: reader.dialect, tree, tasks, head })) {
      found.push(problem)
    }
  }
  return {
    head,
    problems: found,
    anchors,
    bytes: jsonSize(tree),
    tasksAt: (path && keyAt(tree, path)?.key.span) ?? {
      start: tree.span.start,
      end: tree.span.start,
    },
    path,
    tree,
  }
}

function pathTaken(
  root: TreeNode | undefined,
  { taskPaths, tasksAre }: DialectReader,
): readonly string[] | undefined {
  if (tasksAre === "one") return undefined
  const kind = tasksAre === "list" ? "seq" : "map"
  return taskPaths.find((path) => {
    const node = root && nodeAt(root, path)
    if (path.length === 0) return root === undefined || root.kind === kind
    return node !== undefined && (node.kind === kind || isNull(node))
  })
}

function nodeAt(root: TreeNode, path: readonly string[]): TreeNode | undefined {
  return path.reduce<TreeNode | undefined>((node, key) => at(node, key), root)
}

function keyAt(root: TreeNode, path: readonly string[]): MapEntry | undefined {
  const holder = nodeAt(root, path.slice(0, -1))
  const key = path.at(-1)
  return holder?.kind === "map"
    ? holder.entries.findLast((entry) => entry.key.value === key)
    : undefined
}

function put(root: TreeNode, path: readonly string[], tasks: TreeNode): TreeNode {
  const [key, ...rest] = path
  if (key === undefined) return tasks
  if (root.kind !== "map") return root
  const last = root.entries.findLastIndex((entry) => entry.key.value === key)
  const entries = root.entries.map((entry, i) =>
    i === last ? { key: entry.key, value: put(entry.value, rest, tasks) } : entry,
  )
  return { ...root, entries }
}

function emptyTasks(layout: Layout, at: number): TreeNode {
  const span = { start: at, end: at }
  return layout.kind === "map"
    ? { kind: "map", span, entries: [] }
    : { kind: "seq", span, items: [] }
}

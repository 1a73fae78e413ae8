import type { Path } from "../spec/describe.ts"
import type { Position, SpecFile, Standing } from "../spec/specFile.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import type { TreeNode } from "../spec/tree.ts"
import type { Dialect } from "../workflow.ts"
import type { Container, Place, Scanned } from "./place.ts"
import { scan } from "./scan.ts"

/** A position in a document of ours, and what may be written there. */
export interface Where {
  readonly standing: Standing
  readonly dialect: Dialect
  /** The task whose own text was looked at; undefined: the text around the tasks, or all of it. */
  readonly item: TaskItem | undefined
  /** The task the place is in. */
  readonly task: TaskItem | undefined
  readonly text: string
  readonly offset: number
  readonly scanned: Scanned
  readonly place: Place | undefined
}

export function where(file: SpecFile, position: Position): Where | undefined {
  const standing = file.standingAt(position.line)
  const { dialect, frame, text } = standing?.document ?? {}
  if (!standing || !dialect || !text) return undefined
  const line = position.line - standing.line
  const { item, offset } = text.spotAt({ line, character: position.character })
  const { layout } = text
  const around = { standing, dialect, offset }
  if (item && layout && frame) {
    const list = listOf(layout.kind === "map" ? "map" : "seq", layout.indent, frame.path ?? [])
    list.items = item.rank
    if (list.kind === "map") {
      for (const other of text.items) {
        if (other !== item) list.keys.set(other.task.name?.value ?? "", "")
      }
    }
    const options =
      layout.kind === "json"
        ? { open: [], flow: list }
        : { open: [...openAbove(standing, frame.tree, frame.path ?? []), list] }
    const scanned = scan(item.text, offset, options)
    return { ...around, item, task: item, text: item.text, scanned, place: scanned.place }
  }
  const whole = text.frame()
  const scanned = scan(whole, offset, { open: [] })
  const { place } = scanned
  const task = layout ? undefined : taskAt(standing, place?.path ?? [])
  return { ...around, item: undefined, task, text: whole, scanned, place }
}

function listOf(kind: Container["kind"], column: number, path: Path): Container {
  return { kind, column, path, keys: new Map<string, string>(), items: 0 }
}

/** The maps in which the list of tasks stands. */
function openAbove({ document }: Standing, root: TreeNode, path: readonly string[]): Container[] {
  const open: Container[] = []
  let node: TreeNode | undefined = root
  for (const [depth, key] of path.entries()) {
    const first: TreeNode | undefined = node?.kind === "map" ? node.entries[0]?.key : undefined
    if (node?.kind !== "map" || !first) break
    const { character } = document.text.positionOf({ item: undefined, offset: first.span.start })
    const map = listOf("map", character, path.slice(0, depth))
    for (const entry of node.entries) map.keys.set(String(entry.key.value), "")
    open.push(map)
    node = node.entries.findLast((entry) => entry.key.value === key)?.value
  }
  return open
}

/** In a document that is not laid out line by line: the task a path leads into. */
function taskAt({ document }: Standing, path: Path): TaskItem | undefined {
  const { frame, text, dialect, members } = document
  if (dialect === "function") return text.items[0]
  const step = path[frame?.path?.length ?? path.length]
  return typeof step === "number" ? text.items[step] : members?.named(step ?? "")[0]
}

import type { Dependency, Reference, TaskFacts } from "../workflow.ts"
import type { Path } from "./describe.ts"
import { type AtOffset, pathAt } from "./pathAt.ts"
import type { Position } from "./piece.ts"
import type { SpecFile, Standing } from "./specFile.ts"
import type { TaskItem } from "./taskItem.ts"
import type { TreeNode } from "./tree.ts"

/** A place in a document that somebody asks about. */
export interface Question {
  readonly standing: Standing
  /** The task it is in, and that task's tree. */
  readonly item: TaskItem | undefined
  readonly task: TreeNode | undefined
  readonly at: AtOffset
  /** The way from the root of the document. */
  readonly path: Path
}

/** What stands at a position; undefined where nothing is written, or nothing of ours. */
export function questionAt(file: SpecFile, position: Position): Question | undefined {
  const standing = file.standingAt(position.line)
  const { frame, text } = standing?.document ?? {}
  if (!standing || !frame || !text) return undefined
  const line = position.line - standing.line
  const { item, offset } = text.spotAt({ line, character: position.character })
  if (!item) {
    const at = pathAt(frame.tree, offset)
    return at && { standing, item, task: undefined, at, path: at.path }
  }
  const node = standing.document.taskTree(item)
  if (!node) return undefined
  const above = frame.path ?? []
  const { key, body } = node
  if (key && key.span.start <= offset && offset <= key.span.end) {
    const path = [...above, String(key.value)]
    const at = { path, key, value: body, isInKey: true }
    return { standing, item, task: body, at, path }
  }
  const at = pathAt(body, offset)
  if (!at) return undefined
  const step = key ? String(key.value) : item.rank
  return { standing, item, task: body, at, path: [...above, step, ...at.path] }
}

/** The tasks whose name the place spells: what a dependency or a function refers to. */
export function tasksNamedAt(file: SpecFile, position: Position) {
  const standing = file.standingAt(position.line)
  if (!standing) return undefined
  const { text, members } = standing.document
  const spot = text.spotAt({ line: position.line - standing.line, character: position.character })
  const candidates = spot.item ? [spot.item] : text.layout ? [] : text.items
  for (const item of candidates) {
    const named = namesIn(item.task).find(
      ({ target: { span } }) => span.start <= spot.offset && spot.offset <= span.end,
    )
    if (!named) continue
    return { standing, tasks: members?.named(named.target.value) ?? [] }
  }
  return undefined
}

function namesIn({ dependencies, references }: TaskFacts): readonly (Dependency | Reference)[] {
  return [...dependencies, ...(references ?? [])]
}

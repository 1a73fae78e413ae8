import type { CrossProblem, Member } from "../check/rule.ts"
import type { Problem } from "../problem.ts"
import type { TaskFacts } from "../workflow.ts"
import type { Anchors } from "./exact.ts"
import type { Block } from "./itemList.ts"
import { Piece } from "./piece.ts"

/** What one task says by itself. It stays true while the task's text and the scope do. */
export interface TaskReading {
  readonly facts: TaskFacts
  readonly problems: readonly Problem[]
  /** How many bytes the task takes in the object that is sent to the cluster. */
  readonly bytes: number
  readonly anchors: Anchors | undefined
  readonly needs: readonly string[]
}

/** A task's text where it stands in a document, and what is known of it. */
export class TaskItem extends Piece implements Member {
  /** Where it stands in the list of tasks. */
  block: Block | undefined
  slot = 0
  reading: TaskReading | undefined
  /** What the aliases meant, that no anchor of the task explains, when it was read. */
  outside: Anchors | undefined
  /** What the rules that look across tasks say of it. */
  cross: readonly CrossProblem[] = nothing
  /** Of each dependency the task it waits for, where there is one. */
  targets: readonly (TaskItem | undefined)[] = nothing

  /** Its place among the tasks, from zero. */
  get rank(): number {
    return (this.block?.first ?? 0) + this.slot
  }

  get task(): TaskFacts {
    return this.reading?.facts ?? unread
  }
}

const nothing: readonly never[] = []

const unread: TaskFacts = {
  span: { start: 0, end: 0 },
  name: undefined,
  dependencies: [],
  steps: { kind: "known", count: 0 },
}

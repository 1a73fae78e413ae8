import type { Problem, Span } from "../problem.ts"
import type { Head } from "../spec/dialect.ts"
import type { ScalarNode, TreeNode } from "../spec/tree.ts"
import type { Dialect, TaskFacts } from "../workflow.ts"

/**
 * What a rule sees of one task. Every span in it, and every span a rule answers with, counts from
 * the start of the task's own text.
 */
export interface TaskSubject {
  readonly dialect: Dialect
  /** The task's body: for a list its item, for a map the value. */
  readonly tree: TreeNode
  /** Where tasks are the entries of a map: the entry's key. */
  readonly key: ScalarNode | undefined
  readonly task: TaskFacts
  readonly head: Head
}

/** Looks at one task alone. Its answer is remembered until the task's text or the scope changes. */
export interface TaskRule {
  readonly name: string
  readonly dialects: readonly Dialect[]
  readonly check: (subject: TaskSubject) => readonly Problem[]
}

/** What a rule sees of everything around the tasks. Spans count from the start of the document. */
export interface HeadSubject {
  readonly dialect: Dialect
  /** The document; where it holds tasks, `tasks` stands in their place with nothing in it. */
  readonly tree: TreeNode
  /** The node in `tree` that holds the tasks, to be passed over. Undefined when there are none. */
  readonly tasks: TreeNode | undefined
  readonly head: Head
}

export interface HeadRule {
  readonly name: string
  readonly dialects: readonly Dialect[]
  readonly check: (subject: HeadSubject) => readonly Problem[]
}

/** A task of the workflow, as rules that look across tasks see it. */
export interface Member {
  readonly task: TaskFacts
  /** Its place in the order of the text, from zero. */
  readonly rank: number
  /** Of each dependency the task it waits for, where there is one. */
  readonly targets: readonly (Member | undefined)[]
}

/** What a cross-task rule may ask about the other tasks. */
export interface Surroundings {
  readonly dialect: Dialect
  readonly head: Head
  /** Every task of that name, in the order of the text. */
  readonly named: (name: string) => readonly Member[]
  /** The name most like a wrong one, if any is like it. */
  readonly nearest: (name: string) => string | undefined
}

/** A problem in one task that may point into others; each span counts from its own task's start. */
export interface CrossProblem extends Omit<Problem, "related"> {
  readonly related?: readonly { member: Member; span: Span; message: string }[]
}

/**
 * Looks at one task and the tasks it names. Asked again when the task, or a task of its name or of
 * a name it depends on or refers to, changes.
 */
export interface NeighbourRule {
  readonly name: string
  readonly dialects: readonly Dialect[]
  readonly check: (member: Member, surroundings: Surroundings) => readonly CrossProblem[]
}

/** Looks at all tasks and what each waits for. Asked again when any of that changes. */
export interface GraphRule {
  readonly name: string
  readonly dialects: readonly Dialect[]
  readonly check: (subject: GraphSubject) => readonly PlacedProblem[]
}

export interface GraphSubject {
  /** All tasks, in the order of the text. */
  readonly members: readonly Member[]
  /** The tasks that wait for one that stands below them. Where none does there is no cycle. */
  readonly lookingDown: Iterable<Member>
  /** Whether the text switches any task off. */
  readonly anyOff: boolean
}

/** A problem and the task it stands in. */
export interface PlacedProblem {
  readonly member: Member
  readonly problem: CrossProblem
}

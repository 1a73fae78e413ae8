import type { TaskGraph } from "../graph/taskGraph.ts"

/** The tasks of a workflow as a graph panel draws them, before a run and while it goes. */
export interface Picture extends TaskGraph {
  /** The line on which each task begins, from zero; empty where the text is not known. */
  readonly lines: readonly number[]
}

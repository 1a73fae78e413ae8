import type { Story } from "./stories.mts"

/**
 * What the engine promises, as far as the API server's log can tell:
 * once: a step's Job is created once per attempt. order: never before what it depends on was done.
 * forward: status never goes back but after a retry. nothing-left: deleting leaves no Job and no pod.
 * right-end: the run ends, and as its Jobs did.
 */
export type Invariant = "once" | "order" | "forward" | "nothing-left" | "right-end"

export interface Violation {
  readonly invariant: Invariant
  readonly run: string
  readonly sentence: string
}

export type Judge = (story: Story, all: readonly Story[]) => readonly string[]

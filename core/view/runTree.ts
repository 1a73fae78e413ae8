import { type ViewPhase, worst, worstFirst } from "./phase.ts"
import type { RunSummary } from "./runSummary.ts"
import type { StepView, TaskView } from "./statusTree.ts"

/** So many rows stand under one; the rest is found by filtering. */
export const pageSize = 200

export const runOrders = ["newest", "name", "phase"] as const
export type RunOrder = (typeof runOrders)[number]

export function sortRuns(runs: readonly RunSummary[], order: RunOrder): readonly RunSummary[] {
  const newer = (a: RunSummary, b: RunSummary) =>
    // One that has no time yet was made just now.
    compare(b.createdAt ?? "9", a.createdAt ?? "9") || compare(a.name, b.name)
  switch (order) {
    case "newest":
      return runs.toSorted(newer)
    case "name":
      return runs.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))
    case "phase":
      return runs.toSorted((a, b) => worst(a.phase) - worst(b.phase) || newer(a, b))
  }
}

/** Steps as they fold into one row: those to look at singly, the others by their phase. */
export interface FoldedSteps {
  readonly singly: readonly StepView[]
  readonly groups: readonly { readonly phase: ViewPhase; readonly count: number }[]
}

export function foldSteps(steps: readonly StepView[]): FoldedSteps {
  const counts = new Map<ViewPhase, number>()
  for (const { phase } of steps) counts.set(phase, (counts.get(phase) ?? 0) + 1)
  const isSingly = (phase: ViewPhase) =>
    phase === "failed" || (phase === "running" && (counts.get(phase) ?? 0) <= mostSingly)
  const phases = worstFirst.filter((phase) => counts.has(phase))
  return {
    singly: phases.filter(isSingly).flatMap((one) => steps.filter(({ phase }) => phase === one)),
    groups: phases
      .filter((phase) => !isSingly(phase))
      .map((phase) => ({ phase, count: counts.get(phase) ?? 0 })),
  }
}

/** As many can be taken in without counting. */
const mostSingly = 8

/** `1 failed, 4 running`: every phase that occurs, worst first. */
export function phaseCounts(
  steps: readonly StepView[],
): readonly { readonly phase: ViewPhase; readonly count: number }[] {
  const counts = new Map<ViewPhase, number>()
  for (const { phase } of steps) counts.set(phase, (counts.get(phase) ?? 0) + 1)
  return worstFirst.flatMap((phase) => {
    const count = counts.get(phase)
    return count === undefined ? [] : [{ phase, count }]
  })
}

/** The words that somebody filters by: each has to occur somewhere in a row or above it. */
export function filterWords(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

/** The words that what is above does not have, so that its rows need not have them. */
export function missingWords(
  words: readonly string[],
  ...texts: readonly (string | null | undefined)[]
): readonly string[] {
  const all = texts.join("\n").toLowerCase()
  return words.filter((word) => !all.includes(word))
}

/** The steps that a filter leaves of a task, with the words that the task itself has not. */
export function matchingSteps(task: TaskView, words: readonly string[]): readonly StepView[] {
  const steps = task.steps ?? []
  const missing = missingWords(words, task.name, task.phase, task.reason?.sentence)
  if (missing.length === 0) return steps
  return steps.filter(
    ({ id, phase, reason }) => missingWords(missing, id, phase, reason?.sentence).length === 0,
  )
}

/** Whether a filter leaves the task: by its own words or by those of a step. */
export function isTaskShown(task: TaskView, words: readonly string[]): boolean {
  const missing = missingWords(words, task.name, task.phase, task.reason?.sentence)
  return missing.length === 0 || matchingSteps(task, words).length > 0
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

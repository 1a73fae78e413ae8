import type { PlannedTask } from "../plan/plan.ts"

/** How a step is spoken of; the index says nothing where there is only one. */
export function stepName({ spec, steps }: PlannedTask, index: number | undefined): string {
  const isOnly = index === undefined || (steps !== undefined && steps.length === 1)
  return isOnly ? `"${spec.name}"` : `"${spec.name}" step ${index}`
}

import type { PlannedTask, Step } from "../plan/plan.ts"
import type { JobFacts } from "./observed.ts"

/**
 * Whose the Job under a step's name is. Ours: made for this run, this step and this attempt, by
 * whichever driver; a label that is not there (KubeGene's own Jobs have none) does not speak
 * against it. Leaving: of an earlier run of the same name, on its way out. Another's: anything else.
 */
export function ownership(
  job: JobFacts,
  uid: string,
  execution: string,
  task: PlannedTask,
  step: Step,
  attempt: number,
): "ours" | "leaving" | "another's" {
  const { labels } = job
  if (job.ownerUid === uid && uid !== "") {
    const agrees =
      (labels.task ?? task.spec.name) === task.spec.name &&
      (labels.index ?? String(step.index)) === String(step.index) &&
      (labels.attempt ?? String(attempt)) === String(attempt)
    return agrees ? "ours" : "another's"
  }
  if (job.deletedAt !== undefined || labels.execution === execution) return "leaving"
  return "another's"
}

import { writeYaml } from "../spec/convertText.ts"
import { labels } from "./labels.ts"
import type { Plan } from "./plan.ts"
import { plannedJobs } from "./plannedJobs.ts"

/** Every Job that a run would create, written down, and what cannot be known before it runs. */
export interface PlanText {
  readonly jobs: readonly PlannedText[]
  /** How many Jobs there are, also those that were not written. */
  readonly count: number
  /** A sentence for each task whose Jobs are only known later. */
  readonly later: readonly string[]
}

export interface PlannedText {
  readonly job: string
  readonly task: string
  /** Which step of the task, from zero. */
  readonly index: number
  readonly yaml: string
}

/** Writes the first `most` Jobs of the plan, upstream before downstream. */
export function planText(plan: Plan, most = Number.POSITIVE_INFINITY): PlanText {
  const { jobs, unknown } = plannedJobs(plan)
  return {
    jobs: jobs.slice(0, most).map((manifest) => ({
      job: manifest.metadata.name,
      task: manifest.metadata.labels[labels.task] ?? "",
      index: Number(manifest.metadata.labels[labels.index] ?? 0),
      yaml: writeYaml(manifest),
    })),
    count: jobs.length,
    later: unknown.map((task) => laterJobs(task, plan.tasks)),
  }
}

function laterJobs(name: string, tasks: Plan["tasks"]): string {
  const task = tasks.find(({ spec }) => spec.name === name)
  const sources = (task?.resultTasks ?? []).flatMap((index) => tasks[index]?.spec.name ?? [])
  const after =
    sources.length === 0 ? "another task" : sources.map((one) => `"${one}"`).join(" and ")
  return `The Jobs of "${name}" are only known once ${after} has ended.`
}

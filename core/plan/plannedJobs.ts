import { commandOf, type Results } from "./commands.ts"
import { type JobManifest, jobManifest } from "./jobManifest.ts"
import type { Plan, PlannedTask } from "./plan.ts"
import { stepHasher } from "./stepHash.ts"

export interface PlannedJobs {
  /** Each Job of a first attempt, upstream before downstream. */
  readonly jobs: readonly JobManifest[]
  /** Names of the tasks whose Jobs are not known before another task has printed something. */
  readonly unknown: readonly string[]
}

/** Every Job that a run would create, as far as that can be known before it runs. */
export function plannedJobs(plan: Plan): PlannedJobs {
  const { hash } = stepHasher(plan, noResults)
  const settled = new Set<number>()
  const jobs: JobManifest[] = []
  const unknown: string[] = []
  for (const index of plan.order) {
    const task = plan.tasks[index]
    if (!task?.isWanted) continue
    if (isSettled(task, settled)) settled.add(index)
    if (task.steps === undefined) unknown.push(task.spec.name)
    for (const step of task.steps ?? []) {
      jobs.push(
        jobManifest(plan.execution, {
          task: task.spec,
          index: step.index,
          attempt: 1,
          command: commandOf(task.spec, step.index, noResults),
          stepHash: settled.has(index) ? hash(index, step.index) : undefined,
        }),
      )
    }
  }
  return { jobs, unknown }
}

const noResults: Results = () => undefined

/** Whether nothing that is printed in the run goes into the hashes of the task. */
function isSettled(task: PlannedTask, settled: ReadonlySet<number>): boolean {
  return task.resultTasks.length === 0 && task.dependencies.every((one) => settled.has(one.task))
}

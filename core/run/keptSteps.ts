import type { Plan } from "../plan/plan.ts"
import type { JobFacts, Observed, PodFacts } from "./observed.ts"
import type { StartPolicy } from "./release.ts"
import type { TaskState } from "./runState.ts"
import type { RunStatus, VertexStatus } from "./status.ts"
import type { StepState } from "./stepState.ts"

/** What the last look found of the steps of a task, each by its index. */
export interface KeptSteps {
  readonly states: (StepState | undefined)[]
  /** What a state was made from; undefined: from more than can be compared. */
  readonly jobs: (JobFacts | undefined)[]
  readonly pods: (readonly PodFacts[] | undefined)[]
  /** What status is to say of a step next, as far as that follows from its state alone. */
  readonly next: (VertexStatus | undefined)[]
  /** Of a task whose steps are all settled, which follows from the status alone. */
  settled: TaskState | undefined
}

interface Kept {
  readonly plan: Plan
  readonly policy: StartPolicy
  readonly uid: string
  readonly tasks: KeptSteps[]
}

const keptOf = new WeakMap<RunStatus, Kept>()

/**
 * Between two writes of a status a run is looked at many times, and of a large one nearly all is as
 * it was at the last look: that is remembered with the status, and goes with it.
 */
export function keptSteps(
  plan: Plan,
  { metadata: { uid } }: Observed,
  status: RunStatus,
  policy: StartPolicy,
): KeptSteps[] {
  const known = keptOf.get(status)
  if (known?.plan === plan && known.policy === policy && known.uid === uid) return known.tasks
  const tasks = plan.tasks.map(
    (): KeptSteps => ({ states: [], jobs: [], pods: [], next: [], settled: undefined }),
  )
  keptOf.set(status, { plan, policy, uid, tasks })
  return tasks
}

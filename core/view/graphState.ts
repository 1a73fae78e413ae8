import { type PhaseCounts, type ViewPhase, viewPhases } from "./phase.ts"
import type { Picture } from "./picture.ts"
import type { RunView, TaskView } from "./statusTree.ts"

/** How a task of a picture stands. */
export interface TaskState {
  readonly name: string
  readonly phase: ViewPhase
  readonly counts: PhaseCounts
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** Why it waits, failed, was skipped or reused. */
  readonly reason: string | null
  /** The step that reason is of. */
  readonly reasonStep: number | null
  /** The most Jobs that one of its steps needed. */
  readonly attempts: number
}

/** Phases of steps, as numbers: places in `viewPhases`. Steps are counted through the whole picture. */
export interface StepStates {
  /** The number of each step that changed; absent: all of them from the first. */
  readonly at?: Uint32Array
  readonly phases: Uint8Array
}

/** How everything in a picture stands. */
export interface GraphState {
  readonly tasks: readonly TaskState[]
  readonly phases: Uint8Array
}

/** The picture of a run whose text is not known. */
export function pictureOfRun({ name, tasks }: RunView): Picture {
  const places = new Map(tasks.map((task, i) => [task.name, i]))
  return {
    name,
    tasks: tasks.map((task) => ({ name: task.name, steps: task.steps?.length ?? null })),
    edges: tasks.flatMap(({ dependencies }, to) =>
      dependencies.flatMap(({ task, type }) => {
        const from = places.get(task)
        return from === undefined ? [] : [{ from, to, kind: type }]
      }),
    ),
    lines: [],
  }
}

/** The picture of a text with the numbers of steps that only its run can tell. */
export function pictureWithRun(picture: Picture, run: RunView): Picture {
  const known = new Map(run.tasks.map((task) => [task.name, task.steps?.length]))
  return {
    ...picture,
    tasks: picture.tasks.map((task) =>
      task.steps === null ? { ...task, steps: known.get(task.name) ?? null } : task,
    ),
  }
}

/** How a run stands, in the order of the picture; tasks that are not in the run are left out. */
export function graphState(picture: Picture, run: RunView): GraphState {
  const byName = new Map(run.tasks.map((task) => [task.name, task]))
  const count = picture.tasks.reduce((sum, { steps }) => sum + (steps ?? 0), 0)
  const phases = new Uint8Array(count).fill(numbers.waiting)
  const tasks: TaskState[] = []
  let first = 0
  for (const { name, steps } of picture.tasks) {
    const task = byName.get(name)
    if (task !== undefined) {
      tasks.push(taskState(task))
      // A fan-out that was edited since has other steps: none of them is one of the run's.
      if (task.steps?.length === steps) {
        task.steps?.forEach(({ phase }, i) => {
          phases[first + i] = numbers[phase]
        })
      }
    }
    first += steps ?? 0
  }
  return { tasks, phases }
}

function taskState({
  name,
  phase,
  counts,
  startedAt,
  finishedAt,
  reason,
  steps,
}: TaskView): TaskState {
  const of = reason === null ? -1 : (steps?.findIndex((step) => step.reason === reason) ?? -1)
  let attempts = 1
  for (const step of steps ?? []) attempts = Math.max(attempts, step.attempts.at(-1)?.attempt ?? 1)
  return {
    name,
    phase,
    counts,
    startedAt,
    finishedAt,
    reason: reason?.sentence ?? null,
    reasonStep: of >= 0 && (steps?.length ?? 0) > 1 ? of : null,
    attempts,
  }
}

const numbers = Object.fromEntries(viewPhases.map((phase, i) => [phase, i])) as Readonly<
  Record<ViewPhase, number>
>

/** What a page has to be told that knows `before`: only what became different. */
export function graphChange(
  before: GraphState,
  now: GraphState,
): { readonly tasks: readonly TaskState[]; readonly steps: StepStates | undefined } {
  const known = new Map(before.tasks.map((task) => [task.name, task]))
  const tasks = now.tasks.filter((task) => !isSame(known.get(task.name), task))
  if (before.phases.length !== now.phases.length) return { tasks, steps: { phases: now.phases } }
  const at: number[] = []
  for (let i = 0; i < now.phases.length; i++) if (before.phases[i] !== now.phases[i]) at.push(i)
  if (at.length === 0) return { tasks, steps: undefined }
  const phases = Uint8Array.from(at, (i) => now.phases[i] as number)
  return { tasks, steps: { at: Uint32Array.from(at), phases } }
}

function isSame(a: TaskState | undefined, b: TaskState): boolean {
  return (
    a !== undefined &&
    a.phase === b.phase &&
    a.startedAt === b.startedAt &&
    a.finishedAt === b.finishedAt &&
    a.reason === b.reason &&
    a.reasonStep === b.reasonStep &&
    a.attempts === b.attempts &&
    viewPhases.every((phase) => a.counts.byPhase[phase] === b.counts.byPhase[phase]) &&
    a.counts.total === b.counts.total &&
    a.counts.isTotalKnown === b.counts.isTotalKnown
  )
}

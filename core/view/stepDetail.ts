import type { ViewPhase } from "./phase.ts"
import type { RunView, StepView, TaskView } from "./statusTree.ts"

/** All that a panel tells of one step, joined from the run it is a part of. */
export interface StepDetail {
  readonly run: string
  readonly runPhase: ViewPhase
  readonly task: string
  readonly step: StepView
  /** How many steps its task has. */
  readonly count: number
  /** When what it could wait for began. */
  readonly begin: string | null
  readonly resumedFrom: string | null
  readonly waitedFor: readonly Neighbour[]
  readonly holdsUp: readonly Neighbour[]
  /** Tasks that follow those, in the order they are written in. */
  readonly andThen: readonly string[]
  /** Where its text is, if that is known. */
  readonly source: RunView["source"]
}

/** A step, or a task whose steps all count. */
export interface Neighbour {
  readonly name: string
  readonly step: string | null
  readonly phase: ViewPhase
  readonly finishedAt: string | null
}

/** `name`: a step such as `align.17`, or one of its pods. */
export function stepDetail(run: RunView, name: string): StepDetail | undefined {
  const found = findStep(run, name)
  if (found === undefined) return undefined
  const { task, step } = found
  const byName = new Map(run.tasks.map((one) => [one.name, one]))
  const after = run.tasks.filter(({ dependencies }) =>
    dependencies.some((one) => one.task === task.name),
  )
  return {
    run: run.name,
    runPhase: run.phase,
    task: task.name,
    step,
    count: task.steps?.length ?? 1,
    begin: run.startedAt ?? run.createdAt,
    resumedFrom: run.resumedFrom,
    waitedFor: task.dependencies.flatMap(({ task: before, type }) => {
      const one = byName.get(before)
      return one === undefined ? [] : [neighbour(one, type === "iterate" ? step.index : undefined)]
    }),
    holdsUp: after.map((one) => {
      const isTwin = one.dependencies.some(
        ({ task: before, type }) => before === task.name && type === "iterate",
      )
      return neighbour(one, isTwin ? step.index : undefined)
    }),
    andThen: laterThan(run, after),
    source: run.source,
  }
}

function findStep(run: RunView, name: string) {
  for (const task of run.tasks) {
    const step = task.steps?.find(({ id }) => id === name)
    if (step) return { task, step }
  }
  for (const task of run.tasks) {
    const step = task.steps?.find(({ attempts }) =>
      attempts.some(({ tries }) => tries.some(({ pod }) => pod === name)),
    )
    if (step) return { task, step }
  }
  return undefined
}

function neighbour(task: TaskView, index: number | undefined): Neighbour {
  const only = task.steps?.length === 1 ? task.steps[0] : undefined
  const step = index === undefined ? only : task.steps?.find((one) => one.index === index)
  const { phase, finishedAt } = step ?? task
  return { name: step?.id ?? task.name, step: step?.id ?? null, phase, finishedAt }
}

function laterThan(run: RunView, first: readonly TaskView[]): readonly string[] {
  const reached = new Set(first.map(({ name }) => name))
  const direct = new Set(reached)
  for (let before = -1; before !== reached.size; ) {
    before = reached.size
    for (const { name, dependencies } of run.tasks) {
      if (dependencies.some(({ task }) => reached.has(task))) reached.add(name)
    }
  }
  return run.tasks.map(({ name }) => name).filter((name) => reached.has(name) && !direct.has(name))
}

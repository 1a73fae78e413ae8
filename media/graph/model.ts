import { buildGraph, type Graph } from "#core/graph/graph"
import type { StepStates, TaskState } from "#core/view/graphState"
import { countOf, type ViewPhase, viewPhases } from "#core/view/phase"
import type { Picture } from "#core/view/picture"

/** The workflow that is drawn, and how each part of it stands. */
export interface Model {
  readonly picture: Picture
  readonly graph: Graph
  readonly numbers: ReadonlyMap<string, number>
  /** The number of the first step of each task, counted through; one more than there are tasks. */
  readonly firstStep: Int32Array
  readonly tasks: (TaskState | undefined)[]
  readonly phases: Uint8Array
  /** Something runs or ran: phases mean something. */
  hasRun: boolean
}

const unmet = viewPhases.indexOf("waiting")

/** A model of the picture; what is known of tasks with the same name and size stays. */
export function modelOf(picture: Picture, before?: Model): Model {
  const { tasks, edges } = picture
  const firstStep = new Int32Array(tasks.length + 1)
  tasks.forEach(({ steps }, v) => {
    firstStep[v + 1] = (firstStep[v] as number) + (steps ?? 0)
  })
  const phases = new Uint8Array(firstStep[tasks.length] as number).fill(unmet)
  const states: (TaskState | undefined)[] = tasks.map(({ name, steps }, v) => {
    const old = before?.numbers.get(name)
    if (before === undefined || old === undefined) return undefined
    if (before.picture.tasks[old]?.steps === steps) {
      const from = before.firstStep[old] as number
      const to = before.firstStep[old + 1] as number
      phases.set(before.phases.subarray(from, to), firstStep[v] as number)
    }
    return before.tasks[old]
  })
  return {
    picture,
    graph: buildGraph(
      tasks.length,
      edges.map((edge) => edge.from),
      edges.map((edge) => edge.to),
    ),
    numbers: new Map(tasks.map(({ name }, v) => [name, v])),
    firstStep,
    tasks: states,
    phases,
    hasRun: before?.hasRun ?? false,
  }
}

/** Whether two pictures have the same tasks with as many steps, and the same edges. */
export function isSameShape(a: Picture, b: Picture): boolean {
  return (
    a.tasks.length === b.tasks.length &&
    a.edges.length === b.edges.length &&
    a.tasks.every(({ name, steps }, v) => {
      const other = b.tasks[v]
      return other?.name === name && other.steps === steps
    }) &&
    a.edges.every(({ from, to, kind }, e) => {
      const other = b.edges[e]
      return other?.from === from && other.to === to && other.kind === kind
    })
  )
}

/** Takes in how tasks stand; answers the numbers of those that are drawn otherwise now. */
export function takeTasks(model: Model, tasks: readonly TaskState[]): number[] {
  const changed: number[] = []
  for (const task of tasks) {
    const v = model.numbers.get(task.name)
    if (v === undefined) continue
    model.tasks[v] = task
    changed.push(v)
  }
  if (changed.length > 0) model.hasRun = true
  return changed
}

export function takeSteps(model: Model, { at, phases }: StepStates): Set<number> {
  const changed = new Set<number>()
  for (let i = 0; i < phases.length; i++) {
    const step = at === undefined ? i : (at[i] as number)
    if (step >= model.phases.length || model.phases[step] === phases[i]) continue
    model.phases[step] = phases[i] as number
    changed.add(taskOfStep(model, step))
  }
  return changed
}

/** By halving: tasks' steps follow each other. */
function taskOfStep({ firstStep }: Model, step: number): number {
  let low = 0
  let high = firstStep.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((firstStep[middle] as number) <= step) low = middle
    else high = middle
  }
  return low
}

export function phaseOf(model: Model, task: number): ViewPhase {
  const state = model.tasks[task]
  if (state && model.hasRun) return state.phase
  return model.picture.tasks[task]?.steps === null ? "unknown" : "waiting"
}

export function stepPhase(model: Model, step: number): ViewPhase {
  return viewPhases[model.phases[step] as number] ?? "waiting"
}

/** 1 for the task itself, 2 for what it waits for, also by others, 3 for what waits for it. */
export function reach({ graph }: Model, task: number): Uint8Array {
  const marks = new Uint8Array(graph.size)
  const walk = ({ start, node }: Graph["out"], mark: number) => {
    const open = [task]
    for (let v = open.pop(); v !== undefined; v = open.pop()) {
      for (let k = start[v] as number; k < (start[v + 1] as number); k++) {
        const next = node[k] as number
        if (marks[next] !== 0 || next === task) continue
        marks[next] = mark
        open.push(next)
      }
    }
  }
  walk(graph.in, 2)
  walk(graph.out, 3)
  marks[task] = 1
  return marks
}

/** How many tasks have steps that cannot start because this one failed. */
export function heldUp(model: Model, task: number): number {
  const marks = reach(model, task)
  let count = 0
  for (let v = 0; v < marks.length; v++) {
    if (marks[v] === 3 && hasIdleSteps(model, v)) count++
  }
  return count
}

function hasIdleSteps(model: Model, task: number): boolean {
  const phase = phaseOf(model, task)
  if (phase === "not-started" || phase === "waiting" || phase === "unknown") return true
  const counts = model.tasks[task]?.counts
  return counts !== undefined && countOf(counts, "not-started", "waiting") > 0
}

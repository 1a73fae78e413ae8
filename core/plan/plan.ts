import { resultTasks, stepCount } from "./commands.ts"
import type { ExecutionObject, TaskSpec } from "./execution.ts"
import { jobName, stepId, wholeTaskId } from "./names.ts"

/**
 * An Execution as tasks and steps with their edges. Edges are kept between tasks, because a
 * whole dependency between two tasks of 5,000 steps would be 25 million edges between steps.
 */
export interface Plan {
  readonly execution: ExecutionObject
  /** In the order of the spec. */
  readonly tasks: readonly PlannedTask[]
  /** Task indexes, upstream before downstream. */
  readonly order: readonly number[]
  /** Task index by name. */
  readonly taskIndex: ReadonlyMap<string, number>
}

export interface PlannedTask {
  readonly index: number
  readonly spec: TaskSpec
  /** False when `spec.until` leaves the task out of this run. */
  readonly isWanted: boolean
  readonly dependencies: readonly PlannedDependency[]
  /** Indexes of the tasks that wait for this one, in the order of the spec, each once. */
  readonly dependents: readonly number[]
  /** Indexes of the tasks whose output this task needs before it can start. */
  readonly resultTasks: readonly number[]
  /** Whether another task needs the output of this one. */
  readonly givesResult: boolean
  /** Undefined while the number of steps depends on what another task prints. */
  readonly steps: readonly Step[] | undefined
}

export interface PlannedDependency {
  readonly task: number
  readonly type: "whole" | "iterate"
}

export interface Step {
  /** `<task>.<i>` */
  readonly id: string
  /** `<execution>.<task>.<i>`: its key in status.vertices. */
  readonly vertex: string
  readonly task: number
  readonly index: number
  /** The name of the Job of its first attempt. */
  readonly job: string
  /** What `children` of its vertex says. */
  readonly children: readonly string[]
}

/** Total: `readExecution` has refused what cannot be planned. Linear in the number of steps. */
export function plan(execution: ExecutionObject): Plan {
  const { spec } = execution
  const taskIndex = new Map(spec.tasks.map((task, index) => [task.name, index]))
  const indexesOf = (names: readonly string[]) => names.flatMap((name) => taskIndex.get(name) ?? [])
  const dependencies = spec.tasks.map((task) => plannedDependencies(task, taskIndex))
  const order = topologicalOrder(dependencies)
  const wanted = wantedTasks(dependencies, order, indexesOf(spec.until))
  const dependents = spec.tasks.map((): number[] => [])
  for (const [index, list] of dependencies.entries()) {
    if (!wanted[index]) continue
    for (const target of new Set(list.map((one) => one.task))) dependents[target]?.push(index)
  }
  const needed = spec.tasks.map((task) => indexesOf(resultTasks(task)))
  const giving = new Set(needed.flatMap((list, index) => (wanted[index] ? list : [])))
  const bare = spec.tasks.map((task, index) => ({
    index,
    spec: task,
    isWanted: wanted[index] ?? false,
    dependencies: dependencies[index] ?? [],
    dependents: dependents[index] ?? [],
    resultTasks: needed[index] ?? [],
    givesResult: giving.has(index),
    count: stepCount(task),
  }))
  const tasks = bare.map(({ count, ...task }): PlannedTask => {
    const children = childrenOf(execution.metadata.name, bare, task, count)
    const steps =
      count === undefined
        ? undefined
        : makeSteps(execution.metadata.name, task.index, task.spec.name, count, children)
    return { ...task, steps }
  })
  return { execution, tasks, order, taskIndex }
}

/** The steps of a task, also of one whose number of steps became known in the run. */
export function stepsOf(plan: Plan, task: PlannedTask, count: number): readonly Step[] {
  if (task.steps !== undefined) return task.steps
  const known = expanded.get(task)
  if (known?.length === count) return known
  const { name } = plan.execution.metadata
  const children = childrenOf(name, plan.tasks.map(withCount), task, undefined)
  const steps = makeSteps(name, task.index, task.spec.name, count, children)
  expanded.set(task, steps)
  return steps
}

/** What would be made again on every pass over a large run. */
const expanded = new WeakMap<PlannedTask, readonly Step[]>()

function withCount(task: PlannedTask): Bare {
  return { ...task, count: task.steps?.length }
}

type Bare = Omit<PlannedTask, "steps"> & { readonly count: number | undefined }

function plannedDependencies(
  task: TaskSpec,
  taskIndex: ReadonlyMap<string, number>,
): readonly PlannedDependency[] {
  const seen = new Set<string>()
  return task.dependencies.flatMap(({ target, type }) => {
    const index = taskIndex.get(target)
    const key = `${target} ${type}`
    if (index === undefined || seen.has(key)) return []
    seen.add(key)
    return [{ task: index, type }]
  })
}

function topologicalOrder(dependencies: readonly (readonly PlannedDependency[])[]): number[] {
  const missing = dependencies.map((list) => list.length)
  const waiting = dependencies.map((): number[] => [])
  for (const [index, list] of dependencies.entries()) {
    for (const { task } of list) waiting[task]?.push(index)
  }
  const order = missing.flatMap((count, index) => (count === 0 ? [index] : []))
  // The list grows while it is walked.
  for (const index of order) {
    for (const next of waiting[index] ?? []) {
      const left = (missing[next] ?? 0) - 1
      missing[next] = left
      if (left === 0) order.push(next)
    }
  }
  return order
}

function wantedTasks(
  dependencies: readonly (readonly PlannedDependency[])[],
  order: readonly number[],
  until: readonly number[],
): readonly boolean[] {
  if (until.length === 0) return dependencies.map(() => true)
  const wanted = new Set(until)
  for (const index of order.toReversed()) {
    if (!wanted.has(index)) continue
    for (const { task } of dependencies[index] ?? []) wanted.add(task)
  }
  return dependencies.map((_, index) => wanted.has(index))
}

interface Children {
  /** The same for every step of the task. */
  readonly whole: readonly string[]
  /** Tasks whose step i follows step i. */
  readonly twins: readonly string[]
}

function childrenOf(
  execution: string,
  tasks: readonly Bare[],
  task: Pick<Bare, "index" | "dependents">,
  count: number | undefined,
): Children {
  const whole: string[] = []
  const twins: string[] = []
  for (const index of task.dependents) {
    const child = tasks[index]
    if (child === undefined) continue
    const types = child.dependencies.filter((one) => one.task === task.index)
    if (types.every((one) => one.type === "iterate")) twins.push(child.spec.name)
    else whole.push(...listedChildren(execution, child, count))
  }
  return { whole, twins }
}

/**
 * A task that is large on both sides of an edge is named once, with a trailing dot, as KubeGene
 * names a task whose steps are not known: else the lists would grow with the product.
 */
function listedChildren(
  execution: string,
  child: Bare,
  parents: number | undefined,
): readonly string[] {
  const { name } = child.spec
  const { count } = child
  const most =
    parents === undefined ? 64 : Math.max(4096 / parents, 2 + (2 * (count ?? 0)) / parents)
  if (count === undefined || (count > 1 && count > most)) {
    return [`${execution}.${wholeTaskId(name)}`]
  }
  return Array.from({ length: count }, (_, index) => `${execution}.${stepId(name, index)}`)
}

function makeSteps(
  execution: string,
  task: number,
  name: string,
  count: number,
  children: Children,
): readonly Step[] {
  return Array.from({ length: count }, (_, index): Step => {
    const id = stepId(name, index)
    const twins = children.twins.map((twin) => `${execution}.${stepId(twin, index)}`)
    return {
      id,
      vertex: `${execution}.${id}`,
      task,
      index,
      job: jobName(execution, name, index, 1),
      children: twins.length === 0 ? children.whole : [...children.whole, ...twins],
    }
  })
}

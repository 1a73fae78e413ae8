import { type RunSummary, summaryOf } from "./runSummary.ts"
import type { RunView, StepView, TaskView } from "./statusTree.ts"

/** A task without its steps. */
export type TaskHead = Omit<TaskView, "steps">

/** What became different between two looks at a run. */
export interface RunChange {
  readonly summary: RunSummary
  /** Tasks of which anything but their steps changed. */
  readonly tasks: readonly TaskHead[]
  /** Only the steps that changed; all of them of a task whose steps have just become known. */
  readonly steps: readonly TaskSteps[]
  /** In place of `tasks` and `steps` where other tasks or other steps are there than before. */
  readonly whole?: RunView
}

export interface TaskSteps {
  readonly task: string
  readonly steps: readonly StepView[]
}

/** Undefined when nothing changed. */
export function runChange(before: RunView | undefined, after: RunView): RunChange | undefined {
  const summary = summaryOf(after)
  if (before === undefined || !isSameShape(before, after)) {
    return { summary, tasks: [], steps: [], whole: after }
  }
  const tasks: TaskHead[] = []
  const steps: TaskSteps[] = []
  for (const [index, task] of after.tasks.entries()) {
    const earlier = before.tasks[index]
    const { steps: now, ...head } = task
    if (!isEqual({ ...earlier, steps: null }, { ...head, steps: null })) tasks.push(head)
    if (now === null) continue
    const old = earlier?.steps
    const changed = old ? now.filter((step, place) => !isEqual(old[place], step)) : now
    if (changed.length > 0) steps.push({ task: task.name, steps: changed })
  }
  const isSame =
    tasks.length === 0 && steps.length === 0 && isEqual(withoutTasks(before), withoutTasks(after))
  return isSame ? undefined : { summary, tasks, steps }
}

/** The run after a change. What did not change is the very same object as before. */
export function applyRunChange(before: RunView | undefined, change: RunChange): RunView {
  if (change.whole !== undefined) return change.whole
  const { taskCount, reason, ...own } = change.summary
  const heads = new Map(change.tasks.map((head) => [head.name, head]))
  const steps = new Map(change.steps.map((one) => [one.task, one.steps]))
  const tasks = before?.tasks ?? []
  if (heads.size === 0 && steps.size === 0) return { ...own, tasks }
  return {
    ...own,
    tasks: tasks.map((task) => {
      const head = heads.get(task.name)
      const changed = steps.get(task.name)
      if (head === undefined && changed === undefined) return task
      return { ...(head ?? task), steps: withSteps(task.steps, changed) }
    }),
  }
}

function withSteps(
  before: TaskView["steps"],
  changed: readonly StepView[] | undefined,
): TaskView["steps"] {
  if (changed === undefined) return before
  if (before === null) return changed
  const steps = [...before]
  for (const step of changed) steps[step.index] = step
  return steps
}

/** Whether each task and step of before is found at the same place after. */
function isSameShape(before: RunView, after: RunView): boolean {
  if (before.createdAt !== after.createdAt || before.tasks.length !== after.tasks.length) {
    return false
  }
  return after.tasks.every((task, index) => {
    const earlier = before.tasks[index]
    if (earlier?.name !== task.name) return false
    return earlier.steps === null || earlier.steps.length === task.steps?.length
  })
}

function withoutTasks(run: RunView): object {
  return { ...run, tasks: null }
}

/** Of plain data; what is the same object is not looked into. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, i) => isEqual(one, b[i]))
  }
  const [mine, other] = [a as Data, b as Data]
  const keys = Object.keys(mine)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => isEqual(mine[key], other[key]))
}

type Data = Readonly<Record<string, unknown>>

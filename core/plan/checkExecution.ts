import { mostSteps, resultTasks, stepCount } from "./commands.ts"
import type { ExecutionSpec, TaskSpec } from "./execution.ts"
import { longestJobName } from "./names.ts"

/** What makes a well-formed Execution impossible to run, in words; empty when it can run. */
export function checkExecution(name: string, spec: ExecutionSpec): readonly string[] {
  const reasons: string[] = []
  if (!isLabel(name)) reasons.push(`the Execution's name "${name}" ${labelRule}`)
  if (spec.tasks.length === 0) reasons.push('"spec.tasks" must have at least one task')
  const tasks = new Map<string, TaskSpec>()
  for (const task of spec.tasks) {
    if (tasks.has(task.name)) reasons.push(`two tasks are called "${task.name}"`)
    tasks.set(task.name, task)
    reasons.push(...checkTask(name, task))
  }
  for (const task of spec.tasks) reasons.push(...checkDependencies(task, tasks))
  for (const wanted of [...spec.until, ...(spec.resumeFrom?.rerun ?? [])]) {
    if (!tasks.has(wanted)) reasons.push(`there is no task "${wanted}" to run`)
  }
  const total = spec.tasks.reduce((sum, task) => sum + (stepCount(task) ?? 1), 0)
  if (total > mostSteps) reasons.push(`it has ${total} steps; ${mostSteps} is the most`)
  if (reasons.length === 0) {
    const cycle = findCycle(spec.tasks)
    if (cycle) reasons.push(`tasks wait for each other: ${cycle.join(" → ")}`)
  }
  return reasons
}

/** The reasons as one sentence. */
export function reasonsText(reasons: readonly string[]): string {
  const text = reasons.join("; ")
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

const labelRule =
  "must be at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends"

function isLabel(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
}

function checkTask(execution: string, task: TaskSpec): readonly string[] {
  if (!isLabel(task.name)) return [`the task name "${task.name}" ${labelRule}`]
  const reasons: string[] = []
  if (task.jobTemplate === undefined) {
    if (task.image === undefined) reasons.push(`"${task.name}" has no image`)
    if (task.commands.length === 0 && task.commandsIter === undefined) {
      reasons.push(`"${task.name}" has no commands`)
    }
  }
  const longest = longestJobName(execution, task.name, stepCount(task) ?? 1)
  if (longest.length > 63) {
    reasons.push(`the Job name "${longest}" has ${longest.length} characters; 63 is the most`)
  }
  return reasons
}

function checkDependencies(task: TaskSpec, tasks: ReadonlyMap<string, TaskSpec>): string[] {
  const reasons: string[] = []
  for (const { target, type } of task.dependencies) {
    const upstream = tasks.get(target)
    if (upstream === undefined) {
      reasons.push(`"${task.name}" depends on "${target}", which does not exist`)
    } else if (type === "iterate") {
      const [here, there] = [stepCount(task), stepCount(upstream)]
      if (here === undefined || there === undefined) {
        reasons.push(
          `"${task.name}" cannot iterate over "${target}": how many steps they have is not known before the run`,
        )
      } else if (here !== there) {
        reasons.push(
          `"${task.name}" iterates over "${target}" but has ${steps(here)}, not ${steps(there)}`,
        )
      }
    }
  }
  for (const source of resultTasks(task)) {
    const upstream = tasks.get(source)
    const isWhole = task.dependencies.some((one) => one.target === source && one.type === "whole")
    if (upstream === undefined || !isWhole) {
      reasons.push(
        `"${task.name}" reads the result of "${source}" but does not depend on it as a whole`,
      )
    } else if ((stepCount(upstream) ?? 1) !== 1) {
      reasons.push(
        `"${task.name}" reads the result of "${source}", which has ${steps(stepCount(upstream) ?? 0)}; only one step can give a result`,
      )
    }
  }
  return reasons
}

function steps(count: number): string {
  return count === 1 ? "1 step" : `${count} steps`
}

function findCycle(tasks: readonly TaskSpec[]): readonly string[] | undefined {
  const byName = new Map(tasks.map((task) => [task.name, task]))
  const state = new Map<string, "open" | "closed">()
  for (const root of tasks) {
    if (state.has(root.name)) continue
    const path = [{ task: root, next: 0 }]
    state.set(root.name, "open")
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = top.task.dependencies[top.next++]
      const target = dependency && byName.get(dependency.target)
      if (dependency === undefined) {
        state.set(top.task.name, "closed")
        path.pop()
      } else if (target !== undefined && !state.has(target.name)) {
        state.set(target.name, "open")
        path.push({ task: target, next: 0 })
      } else if (target !== undefined && state.get(target.name) === "open") {
        const names = path.map((entry) => entry.task.name)
        const loop = names.slice(names.indexOf(target.name)).reverse()
        // The path climbs from a task to what it waits for; told the way the work flows.
        return [...loop, ...loop.slice(0, 1)]
      }
    }
  }
  return undefined
}

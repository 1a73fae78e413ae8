import type { Plan } from "../plan/plan.ts"
import type { RunStatus, VertexStatus } from "./status.ts"
import type { Wish } from "./wishes.ts"

/**
 * The status with everything open again that the wish names: by default all that failed, was
 * stopped or was skipped, and always what follows and has begun or ended already. A step that had
 * a Job gets its next attempt; the old Job stays as evidence.
 */
export function retry(plan: Plan, status: RunStatus, wish: Wish): RunStatus {
  const wanted = new Set(wish.steps)
  const isNamed = (task: string, id: string) => wanted.has(task) || wanted.has(id)
  const prefix = `${plan.execution.metadata.name}.`
  const byTask = verticesByTask(plan, status, prefix)
  const open = new Set<string>()
  /** Tasks of which any step is tried again, and with that all that follows as a whole. */
  const touched = new Map<number, Set<string>>()
  for (const index of plan.order) {
    const task = plan.tasks[index]
    if (task === undefined) continue
    for (const [key, vertex] of byTask.get(index) ?? []) {
      const id = key.slice(prefix.length)
      const position = id.slice(task.spec.name.length + 1)
      const follows = task.dependencies.some((dependency) => {
        const above = touched.get(dependency.task)
        return above !== undefined && (dependency.type === "whole" || above.has(position))
      })
      const chosen = canBeRetried(vertex) && (wanted.size === 0 || isNamed(task.spec.name, id))
      if (!follows && !chosen) continue
      open.add(key)
      const positions = touched.get(index) ?? new Set()
      touched.set(index, positions.add(position))
    }
  }
  if (open.size === 0) return status
  const vertices = new Map(status.vertices)
  const attempts = { ...status.attempts }
  for (const key of open) {
    const vertex = vertices.get(key)
    vertices.delete(key)
    const hadJob = vertex !== undefined && vertex.phase !== "Skipped" && vertex.phase !== "Reused"
    // A key with a trailing dot stands for a task whose steps never came to be.
    if (!hadJob || key.endsWith(".")) continue
    attempts[key.slice(prefix.length)] = vertex.attempt + 1
  }
  return {
    ...status,
    phase: "Running",
    message: "",
    finishedAt: undefined,
    stopped: undefined,
    vertices,
    attempts,
  }
}

function canBeRetried(vertex: VertexStatus): boolean {
  switch (vertex.phase) {
    case "Failed":
    case "Error":
    case "Stopped":
    case "Skipped":
      return true
    default:
      return false
  }
}

function verticesByTask(
  plan: Plan,
  status: RunStatus,
  prefix: string,
): ReadonlyMap<number, readonly (readonly [string, VertexStatus])[]> {
  const byTask = new Map<number, [string, VertexStatus][]>()
  for (const entry of status.vertices) {
    const [key] = entry
    // Task names have no dots, so the last one ends the task's name.
    const task = key.startsWith(prefix) ? key.slice(prefix.length, key.lastIndexOf(".")) : ""
    const index = plan.taskIndex.get(task)
    if (index === undefined) continue
    const list = byTask.get(index)
    if (list === undefined) byTask.set(index, [entry])
    else list.push(entry)
  }
  return byTask
}

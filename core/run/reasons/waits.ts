import { freePlaces } from "../parallelism.ts"
import { isBrokenAbove, type RunState, standing, type TaskState } from "../runState.ts"
import { unsentFiles } from "../unsentFiles.ts"
import { type Reason, reason } from "./reason.ts"
import { refusalReason } from "./refusals.ts"

/** Says why a step has no Job yet; undefined for a step that has one, or never will. */
export type StartReasons = (task: TaskState, index: number) => Reason | undefined

export function startReasons(run: RunState): StartReasons {
  const { plan, status, observed } = run
  const { spec, metadata } = plan.execution
  const places = freePlaces(run)
  const isOver = status.phase === "Failed" || status.phase === "Error"
  const unsent = isOver ? unsentFiles(run) : undefined

  return (task, index) => {
    const state = task.steps === undefined ? task.whole : task.states[index]
    switch (state?.kind) {
      case "refused":
        return refusalReason(
          state.refusal,
          task.steps?.[index]?.job ?? task.task.spec.name,
          metadata.namespace,
        )
      case "name-taken":
        return reason(
          "name-taken",
          `the Job "${state.job.name}" of an earlier run has to be gone first`,
          { isStuck: true },
        )
      case "creating":
        return reason("creating", "its Job is being created")
      case "unseen":
        return reason("creating", "its Job is being looked for")
      case "open":
        break
      default:
        return undefined
    }
    if (unsent?.task === task.task.spec.name) {
      return reason(
        "other",
        `did not start, because the run failed: what its steps left is on the claim "${unsent.claim}", and goes back when a run that takes up this one succeeds`,
      )
    }
    if (isOver || isBrokenAbove(run, task.task, index)) return undefined
    const missing = dependencyReason(run, task, index)
    if (missing !== undefined) return missing
    if (task.gate.kind === "waiting") {
      return reason("result", `waits for what "${task.gate.task}" printed`)
    }
    if (status.suspended !== undefined) {
      return reason("suspended", "suspended; nothing new starts until you resume it")
    }
    if (places.run <= 0) return placeReason("parallelism", spec.parallelism ?? 0)
    const own = task.task.spec.parallelism
    if (places.task(task.task.index) <= 0) {
      return placeReason(`parallelism of "${task.task.spec.name}"`, own ?? 0)
    }
    if (observed.creating.size > 0) {
      return reason("creating", "waits for its turn: Jobs are being created")
    }
    return places.queue <= 0
      ? reason("creating", "waits for its turn: Kubernetes has not begun with the Jobs before it")
      : undefined
  }
}

function placeReason(what: string, most: number): Reason {
  return most === 0
    ? reason("suspended", `${what} is 0, so nothing starts`)
    : reason("parallelism", `waits for a free place: ${what} ${most} is used up`)
}

function dependencyReason(run: RunState, task: TaskState, index: number): Reason | undefined {
  for (const { task: above, type } of task.task.dependencies) {
    const state = run.tasks[above]
    if (state === undefined) continue
    const name = state.task.spec.name
    if (type === "iterate") {
      if (state.standings[index] === standing.done) continue
      return reason("dependency", `waits for "${name}" step ${index}`)
    }
    if (state.isDone) continue
    if (state.steps === undefined) return reason("dependency", `waits for "${name}"`)
    const all = state.steps.length
    let left = 0
    for (const stands of state.standings) if (stands !== standing.done) left++
    return reason(
      "dependency",
      all === 1 ? `waits for "${name}"` : `waits for "${name}": ${left} of ${all} steps left`,
    )
  }
  return undefined
}

import type { Plan } from "../plan/plan.ts"
import { retry } from "./retry.ts"
import type { RunStatus } from "./status.ts"
import { openWishes, type Wish } from "./wishes.ts"

/** As many as may be lost between a tool that asks and a driver that answers, and then some. */
const remembered = 20

/** The status after every open wish. The same object when there is none. */
export function applyWishes(
  plan: Plan,
  status: RunStatus,
  written: Readonly<Record<string, string>>,
): RunStatus {
  let next = status
  for (const wish of openWishes(written, status.observedWishes)) {
    // What is being stopped can only be tried again once it stands still.
    const isStopping = next.stopped !== undefined && next.finishedAt === undefined
    if (wish.kind === "retry" && isStopping) continue
    const done = applyWish(plan, next, wish)
    next = { ...done, observedWishes: [...done.observedWishes, wish.id].slice(-remembered) }
  }
  return next
}

function applyWish(plan: Plan, status: RunStatus, wish: Wish): RunStatus {
  const mark = { by: wish.by, at: wish.at }
  switch (wish.kind) {
    case "retry":
      return retry(plan, status, wish)
    case "suspend":
      return isOver(status) ? status : { ...status, suspended: mark }
    case "resume":
      return { ...status, suspended: undefined }
    case "stop":
      return isOver(status) ? status : { ...status, stopped: mark }
  }
}

function isOver(status: RunStatus): boolean {
  return status.phase === "Succeeded" || status.phase === "Error" || status.finishedAt !== undefined
}

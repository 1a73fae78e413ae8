import type { StepView, TaskView } from "#core/view/statusTree"

type Reason = NonNullable<StepView["reason"]>

/** A step that failed or has waited long, and how many of its task share its fate. */
export interface Trouble {
  readonly kind: "failed" | "waits"
  readonly task: string
  readonly step: StepView
  readonly reason: Reason
  readonly isOnlyStep: boolean
  readonly more: number
}

/** Milliseconds after which a wait is worth a line of its own. */
export const longWaitMs = 60_000

/** What is wrong with the task now. Steps with one reason are told of once. */
export function troubles(task: TaskView, now: number): readonly Trouble[] {
  const groups = new Map<string, Trouble>()
  for (const step of task.steps ?? []) {
    const { reason } = step
    if (!reason) continue
    const kind = kindOf(step, reason, now)
    if (!kind) continue
    // Each step has its own command, and so its own line.
    const own = reason.field === "command" && kind === "failed" ? step.index : ""
    const key = `${kind}\n${own}\n${reason.sentence}`
    const known = groups.get(key)
    const isOnlyStep = task.steps?.length === 1
    groups.set(
      key,
      known
        ? { ...known, more: known.more + 1 }
        : { kind, task: task.name, step, reason, isOnlyStep, more: 0 },
    )
  }
  return [...groups.values()]
}

/** Since when the step waits; undefined where it does not or that is not known. */
export function waitsSince({ phase, attempts }: StepView, reason: Reason): number | undefined {
  if (phase !== "queued" && phase !== "waiting") return undefined
  // That another task works is no trouble of this one.
  if (reason.kind === "dependency" || reason.kind === "suspended") return undefined
  if (reason.kind === "parallelism") return undefined
  const created = attempts.at(-1)?.createdAt
  return reason.since ?? (created ? Date.parse(created) : undefined)
}

function kindOf(step: StepView, reason: Reason, now: number): Trouble["kind"] | undefined {
  if (step.phase === "failed") return "failed"
  const since = waitsSince(step, reason)
  return since !== undefined && now - since >= longWaitMs ? "waits" : undefined
}

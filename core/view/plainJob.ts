import { isObject, listOf, numberOf, objectOf, textOf } from "../plan/json.ts"
import type { ViewPhase } from "./phase.ts"

/** A Job or CronJob of the namespace that no run of ours made. It is shown and left alone. */
export interface PlainJobView {
  readonly kind: "Job" | "CronJob"
  readonly name: string
  readonly phase: ViewPhase
  /** `3/8`, or when a CronJob runs next in its own words. */
  readonly detail: string
  readonly createdAt: string | null
  readonly finishedAt: string | null
  /** The CronJob that made it. */
  readonly owner: string | null
}

/** Reads a batch/v1 Job or CronJob as the API server gives it. */
export function plainJobView(kind: PlainJobView["kind"], value: unknown): PlainJobView {
  const object = objectOf(value)
  const metadata = objectOf(object.metadata)
  const owner = listOf(metadata.ownerReferences)
    .map(objectOf)
    .find((one) => one.controller === true && one.kind === "CronJob")
  const own = kind === "Job" ? ofJob(object) : ofCronJob(object)
  return {
    kind,
    name: textOf(metadata.name) ?? "",
    ...own,
    createdAt: textOf(metadata.creationTimestamp) ?? null,
    owner: textOf(owner?.name) ?? null,
  }
}

type Own = Pick<PlainJobView, "phase" | "detail" | "finishedAt">

function ofJob(object: ReturnType<typeof objectOf>): Own {
  const spec = objectOf(object.spec)
  const status = objectOf(object.status)
  const succeeded = numberOf(status.succeeded) ?? 0
  const detail = `${succeeded}/${numberOf(spec.completions) ?? 1}`
  const ends = listOf(status.conditions).filter(isObject)
  const end = ends.find(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  )
  if (end) {
    const phase = end.type === "Complete" ? "succeeded" : "failed"
    return { phase, detail, finishedAt: textOf(end.lastTransitionTime) ?? null }
  }
  const phase: ViewPhase =
    spec.suspend === true
      ? "suspended"
      : (numberOf(status.ready) ?? 0) > 0
        ? "running"
        : (numberOf(status.active) ?? 0) > 0
          ? "queued"
          : "waiting"
  return { phase, detail, finishedAt: null }
}

function ofCronJob(object: ReturnType<typeof objectOf>): Own {
  const spec = objectOf(object.spec)
  const active = listOf(objectOf(object.status).active).length
  const schedule = textOf(spec.schedule) ?? ""
  const phase: ViewPhase = spec.suspend === true ? "suspended" : active > 0 ? "running" : "waiting"
  return { phase, detail: schedule, finishedAt: null }
}

import {
  isObject,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  textOf,
} from "../plan/json.ts"

export const runPhases = ["", "Running", "Succeeded", "Failed", "Error"] as const
export type RunPhase = (typeof runPhases)[number]

export const vertexPhases = [
  "",
  "Running",
  "Succeeded",
  "Failed",
  "Error",
  "Skipped",
  "Stopped",
  "Reused",
] as const
export type VertexPhase = (typeof vertexPhases)[number]

/** The status of an Execution: the record that every driver starts from and every tool shows. */
export interface RunStatus {
  readonly phase: RunPhase
  readonly message: string
  /** RFC 3339, seconds, UTC, as in the API; undefined is written as null. */
  readonly startedAt: string | undefined
  /** Set once nothing of the run moves any more, also when the phase was Failed long before. */
  readonly finishedAt: string | undefined
  /** `<done>/<all>`, for the printer column; a `+` behind it: more steps may come. */
  readonly progress: string | undefined
  /** By `<execution>.<task>.<i>`: steps that have begun or were settled. */
  readonly vertices: ReadonlyMap<string, VertexStatus>
  /** Ids of the wishes that were carried out, newest last. */
  readonly observedWishes: readonly string[]
  readonly suspended: WishMark | undefined
  readonly stopped: WishMark | undefined
  /** By step id: which attempt counts, where it is not the first. */
  readonly attempts: Readonly<Record<string, number>>
  /** What was taken over from an earlier run; written before the first Job is created. */
  readonly resumed: Resumed | undefined
  /** Fields that are not ours to understand, such as the driver's claim; kept as they are. */
  readonly others: JsonObject
}

export interface WishMark {
  readonly by: string
  readonly at: string
}

export interface Resumed {
  readonly from: string
  /** Why a task, or a step of it, runs again: by task name or step id. */
  readonly runsAgain: Readonly<Record<string, string>>
}

export interface VertexStatus {
  readonly id: string
  /** The Job of the attempt that counts. */
  readonly name: string
  readonly type: string
  readonly phase: VertexPhase
  readonly message: string
  readonly startedAt: string | undefined
  readonly finishedAt: string | undefined
  /** When every container had ended well, and what follows was allowed to start. */
  readonly releasedAt: string | undefined
  readonly children: readonly string[]
  readonly attempt: number
  readonly stepHash: string | undefined
  /** What the step printed, where another task needs it. */
  readonly result: string | undefined
}

export const emptyStatus: RunStatus = {
  phase: "",
  message: "",
  startedAt: undefined,
  finishedAt: undefined,
  progress: undefined,
  vertices: new Map(),
  observedWishes: [],
  suspended: undefined,
  stopped: undefined,
  attempts: {},
  resumed: undefined,
  others: {},
}

/** Reads what we or KubeGene's own controller wrote; what makes no sense counts as absent. */
export function readStatus(value: unknown): RunStatus {
  const { phase, message, startedAt, finishedAt, progress, vertices, ...rest } = objectOf(value)
  const { observedWishes, suspended, stopped, attempts, resumed, ...others } = rest
  const written = objectOf(attempts)
  return {
    phase: runPhases.find((known) => known === phase) ?? "",
    message: textOf(message) ?? "",
    startedAt: textOf(startedAt),
    finishedAt: textOf(finishedAt),
    progress: textOf(progress),
    vertices: new Map(
      Object.entries(objectOf(vertices)).map(([key, vertex]) => [key, readVertex(key, vertex)]),
    ),
    observedWishes: textsOf(observedWishes),
    suspended: readMark(suspended),
    stopped: readMark(stopped),
    attempts: Object.fromEntries(
      Object.keys(written).map((id) => [id, numberOf(written[id]) ?? 1]),
    ),
    resumed: readResumed(resumed),
    others,
  }
}

/** The status as JSON for the API server; `readStatus` gives the same back. */
export function writeStatus(status: RunStatus): JsonObject {
  const { vertices, suspended, stopped, attempts, resumed, others, ...plain } = status
  return {
    ...others,
    phase: plain.phase,
    message: plain.message,
    startedAt: plain.startedAt ?? null,
    finishedAt: plain.finishedAt ?? null,
    ...given("progress", plain.progress),
    vertices: Object.fromEntries([...vertices].map(([key, vertex]) => [key, writeVertex(vertex)])),
    ...(plain.observedWishes.length === 0 ? {} : { observedWishes: plain.observedWishes }),
    ...given("suspended", suspended && { ...suspended }),
    ...given("stopped", stopped && { ...stopped }),
    ...(Object.keys(attempts).length === 0 ? {} : { attempts }),
    ...given("resumed", resumed && { from: resumed.from, runsAgain: resumed.runsAgain }),
  }
}

function readVertex(key: string, value: Json | undefined): VertexStatus {
  const vertex = objectOf(value)
  return {
    id: key,
    name: textOf(vertex.name) ?? key,
    type: textOf(vertex.type) ?? "",
    phase: vertexPhases.find((known) => known === vertex.phase) ?? "",
    message: textOf(vertex.message) ?? "",
    startedAt: textOf(vertex.startedAt),
    finishedAt: textOf(vertex.finishedAt),
    releasedAt: textOf(vertex.releasedAt),
    children: textsOf(vertex.children),
    attempt: numberOf(vertex.attempt) ?? 1,
    stepHash: textOf(vertex.stepHash),
    // An empty result is a result.
    result: typeof vertex.result === "string" ? vertex.result : undefined,
  }
}

function writeVertex(vertex: VertexStatus): JsonObject {
  return {
    id: vertex.id,
    name: vertex.name,
    type: vertex.type,
    phase: vertex.phase,
    message: vertex.message,
    startedAt: vertex.startedAt ?? null,
    finishedAt: vertex.finishedAt ?? null,
    ...given("releasedAt", vertex.releasedAt),
    ...(vertex.children.length === 0 ? {} : { children: vertex.children }),
    ...(vertex.attempt === 1 ? {} : { attempt: vertex.attempt }),
    ...given("stepHash", vertex.stepHash),
    ...given("result", vertex.result),
  }
}

function readMark(value: Json | undefined): WishMark | undefined {
  if (!isObject(value)) return undefined
  return { by: textOf(value.by) ?? "", at: textOf(value.at) ?? "" }
}

function readResumed(value: Json | undefined): Resumed | undefined {
  if (!isObject(value)) return undefined
  const written = objectOf(value.runsAgain)
  return {
    from: textOf(value.from) ?? "",
    runsAgain: Object.fromEntries(
      Object.keys(written).map((key) => [key, textOf(written[key]) ?? ""]),
    ),
  }
}

function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).flatMap((one) => (typeof one === "string" ? [one] : []))
}

function given<K extends string>(key: K, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [key]: value }
}

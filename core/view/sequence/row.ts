import type { ViewPhase } from "../phase.ts"
import type { SequenceContainer, SequenceItem, SequencePod, Span } from "./items.ts"

/** A stretch of a bar. Kubernetes' times are whole seconds, so sums over them are exact. */
export interface Segment {
  readonly kind: SegmentKind
  readonly from: number
  /** Undefined: it lasts until now. */
  readonly to: number | undefined
}

/**
 * wait: for a node, or between two tries · pull, init, setup: the cold start's parts · work and
 * failed: a container ran, in the end in vain.
 */
export const segmentKinds = ["wait", "pull", "init", "setup", "work", "failed"] as const
export type SegmentKind = (typeof segmentKinds)[number]

/** A line of the picture. Nothing in it depends on the time it is looked at. */
export interface SequenceRow {
  readonly id: string
  readonly name: string
  readonly item: SequenceItem
  readonly phase: ViewPhase
  readonly reason: string | undefined
  /** In order of time; they neither overlap nor leave anything out. */
  readonly segments: readonly Segment[]
  readonly begin: number | undefined
  /** Undefined while it has not ended, or not begun. */
  readonly end: number | undefined
  /** How many pods, or earlier runs of a container, were tried. */
  readonly tries: number
  /** Of how many pods or steps it is the row. */
  readonly count: number
}

export interface Figures {
  readonly waited: number
  readonly cold: number
  readonly work: number
  readonly total: number
}

/** What the row took until `now`, in milliseconds: the parts add up to the total. */
export function figuresOf({ segments }: Pick<SequenceRow, "segments">, now: number): Figures {
  let waited = 0
  let cold = 0
  let work = 0
  for (const { kind, from, to } of segments) {
    const length = Math.max(0, (to ?? now) - from)
    if (kind === "wait") waited += length
    else if (kind === "work" || kind === "failed") work += length
    else cold += length
  }
  return { waited, cold, work, total: waited + cold + work }
}

/** What has not begun has taken no time yet that anybody could know: it is not nought. */
export function isKnown({ segments }: SequenceRow, figure: keyof Figures): boolean {
  switch (figure) {
    case "waited":
    case "total":
      return segments.length > 0
    case "cold":
      return segments.some(({ kind }) => kind !== "wait")
    case "work":
      return segments.some(({ kind }) => kind === "work" || kind === "failed")
  }
}

export function rowOfPod(pod: SequencePod): SequenceRow {
  return row(pod, pod.id, pod.name, segmentsOfPod(pod, mainRuns(pod)), {
    phase: pod.phase,
    reason: pod.reason,
    tries: pod.tryNumber + mostRestarts(pod.containers),
  })
}

export function rowOfRest(item: SequenceItem, name: string, count: number): SequenceRow {
  const { phase, reason } = item
  return { ...row(item, item.id, name, [], { phase, reason, tries: 0 }), count }
}

/** A row for each container: what the pod waited is told once, by the first of them. */
export function rowsOfContainers(pod: SequencePod): readonly SequenceRow[] {
  if (pod.containers.length === 0) return [rowOfPod(pod)]
  return pod.containers.map((container, index) => {
    const before = pod.containers.slice(0, index).filter(isInit)
    const isOver = container.phase === "succeeded" || container.phase === "failed"
    const own = {
      ...pod,
      containers: [...before, container],
      endedAt: isOver ? container.runs.at(-1)?.to : pod.endedAt,
    }
    const segments = segmentsOfPod(own, container.runs)
    const isWaitTold = index > 0 && segments[0]?.kind === "wait" && segments.length > 1
    return row(
      pod,
      `${pod.id}/${container.name}`,
      `${pod.name} ${container.name}`,
      isWaitTold ? segments.slice(1) : segments,
      {
        phase: container.phase,
        reason: container.phase === "failed" || index === 0 ? pod.reason : undefined,
        tries: 1 + container.restarts,
      },
    )
  })
}

/** One row for pods that tried the same, or work beside each other; the worst is on top. */
export function mergedRow(
  id: string,
  name: string,
  rows: readonly SequenceRow[],
  phase: ViewPhase,
): SequenceRow | undefined {
  const first = rows[0]
  if (first === undefined) return undefined
  const isOver = rows.every((one) => one.segments.every(({ to }) => to !== undefined))
  const reasons = rows.findLast((one) => one.phase === phase && one.reason !== undefined)
  return {
    ...row(first.item, id, name, mergeSegments(rows.flatMap(({ segments }) => segments)), {
      phase,
      reason: reasons?.reason,
      tries: Math.max(...rows.map(({ tries }) => tries)),
    }),
    ...(isOver ? {} : { end: undefined }),
    count: rows.reduce((sum, { count }) => sum + count, 0),
  }
}

interface RowLook {
  readonly phase: ViewPhase
  readonly reason: string | undefined
  readonly tries: number
}

function row(
  item: SequenceItem,
  id: string,
  name: string,
  segments: readonly Segment[],
  { phase, reason, tries }: RowLook,
): SequenceRow {
  const last = segments.at(-1)
  return {
    id,
    name,
    item,
    phase,
    reason,
    segments,
    begin: segments[0]?.from ?? (item.kind === "pod" ? item.createdAt : undefined),
    end: last === undefined && item.kind === "pod" ? item.endedAt : last?.to,
    tries,
    count: 1,
  }
}

/** When any of the main containers ran; a gap between two runs is a back-off. */
function mainRuns({ containers }: SequencePod): SequenceContainer["runs"] {
  return containers.filter(({ role }) => role === "main").flatMap(({ runs }) => runs)
}

function isInit({ role }: SequenceContainer): boolean {
  return role === "init"
}

function mostRestarts(containers: readonly SequenceContainer[]): number {
  return containers.reduce((most, { restarts }) => Math.max(most, restarts), 0)
}

/** Waiting until its node took it, cold until the first container ran, then runs and back-offs. */
function segmentsOfPod(pod: SequencePod, runs: SequenceContainer["runs"]): readonly Segment[] {
  const { createdAt, endedAt } = pod
  const segments: Segment[] = []
  const add = (kind: SegmentKind, from: number, to: number | undefined) => {
    if (to === undefined || to > from) push(segments, { kind, from, to })
  }
  const started = runs.reduce<number | undefined>(
    (first, { from }) => (first === undefined || from < first ? from : first),
    undefined,
  )
  // Clocks of nodes and of the API server differ: no stretch ends before it begins.
  const accepted =
    pod.acceptedAt === undefined
      ? started === undefined
        ? endedAt
        : createdAt
      : Math.max(pod.acceptedAt, createdAt)
  add("wait", createdAt, accepted)
  if (accepted === undefined) return segments
  const isLost = started !== undefined && isFirstRunLost(pod.containers, runs)
  const coldEnd = started === undefined ? endedAt : Math.max(started, accepted)
  if (isLost) add("wait", accepted, coldEnd)
  else for (const { kind, from, to } of coldParts(pod, accepted, coldEnd)) add(kind, from, to)
  if (started === undefined || coldEnd === undefined) return segments
  for (const segment of mergeSegments(
    runs.map(({ from, to, isFailed }) => ({
      kind: isFailed ? "failed" : "work",
      from: Math.max(from, coldEnd),
      to: to === undefined ? endedAt : Math.max(to, coldEnd),
    })),
  )) {
    segments.push(segment)
  }
  const last = segments.at(-1)
  if (last?.to !== undefined && (endedAt === undefined || endedAt > last.to)) {
    // Between two runs of a container, or while the pod is taken down.
    add(endedAt === undefined ? "wait" : last.kind, last.to, endedAt)
  }
  return segments
}

/**
 * Kubernetes keeps a container's last run and the one before it, and of a pod that has ended only the
 * last: where nothing that is known ran first, nobody can tell any more when the cold start was over.
 */
function isFirstRunLost(
  containers: readonly SequenceContainer[],
  runs: SequenceContainer["runs"],
): boolean {
  const own = containers.filter((one) => one.runs.some((run) => runs.includes(run)))
  return own.length > 0 && own.every(({ restarts, runs }) => restarts >= runs.length)
}

/** What of a cold start was pulling images, what init containers, and what is left: set-up. */
function coldParts(
  { pulls, containers }: SequencePod,
  from: number,
  to: number | undefined,
): readonly Segment[] {
  if (to !== undefined && to <= from) return []
  const parts: Segment[] = [{ kind: "setup", from, to }]
  const clip = (kind: SegmentKind, span: Span) => {
    const begin = Math.max(span.from, from)
    const end = span.to === undefined ? to : to === undefined ? span.to : Math.min(span.to, to)
    if (end === undefined || end > begin) parts.push({ kind, from: begin, to: end })
  }
  for (const { runs } of containers.filter(isInit)) for (const run of runs) clip("init", run)
  for (const pull of pulls) {
    clip(
      "pull",
      pull.to === undefined ? { from: pull.from, to: nextStart(pull.from, containers) } : pull,
    )
  }
  return mergeSegments(parts)
}

/** Without a word about its end, a pull lasts until the next container begins. */
function nextStart(from: number, containers: readonly SequenceContainer[]): number | undefined {
  const starts = containers.flatMap(({ runs }) => runs.map((run) => run.from))
  const later = starts.filter((start) => start >= from)
  return later.length === 0 ? undefined : Math.min(...later)
}

const never = Number.POSITIVE_INFINITY

/** Higher is shown over lower where stretches overlap; what nothing covers is waiting. */
const rank: Readonly<Record<SegmentKind, number>> = {
  wait: 0,
  setup: 1,
  init: 2,
  pull: 3,
  work: 4,
  failed: 5,
}

/** Stretches that may overlap, as stretches that do not. */
export function mergeSegments(segments: readonly Segment[]): readonly Segment[] {
  if (segments.length < 2) return segments
  if (isInOrder(segments)) return fill(segments)
  const edges = segments
    .flatMap((one) => [
      { at: one.from, kind: one.kind, by: 1 },
      { at: one.to ?? never, kind: one.kind, by: -1 },
    ])
    .sort((a, b) => a.at - b.at)
  const open = [0, 0, 0, 0, 0, 0]
  const merged: Segment[] = []
  let at = edges[0]?.at ?? 0
  for (const edge of edges) {
    if (edge.at > at) {
      const top = Math.max(
        0,
        open.findLastIndex((count) => count > 0),
      )
      push(merged, { kind: kindOf(top), from: at, to: edge.at === never ? undefined : edge.at })
      at = edge.at
    }
    open[rank[edge.kind]] = (open[rank[edge.kind]] ?? 0) + edge.by
  }
  return merged
}

function kindOf(place: number): SegmentKind {
  return byRank[place] ?? "wait"
}

const byRank = segmentKinds.toSorted((a, b) => rank[a] - rank[b])

function isInOrder(segments: readonly Segment[]): boolean {
  return segments.every(
    ({ from }, index) => index === 0 || from >= (segments[index - 1]?.to ?? never),
  )
}

function fill(segments: readonly Segment[]): readonly Segment[] {
  const filled: Segment[] = []
  for (const segment of segments) {
    const last = filled.at(-1)
    if (last?.to !== undefined && segment.from > last.to) {
      push(filled, { kind: "wait", from: last.to, to: segment.from })
    }
    push(filled, segment)
  }
  return filled
}

function push(segments: Segment[], next: Segment): void {
  const last = segments.at(-1)
  if (last?.kind === next.kind && last.to === next.from) {
    segments[segments.length - 1] = { ...last, to: next.to }
  } else segments.push(next)
}

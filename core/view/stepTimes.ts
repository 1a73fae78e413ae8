import type { ViewPhase } from "./phase.ts"
import { itemsOfStep } from "./sequence/items.ts"
import { rowOfPod, type Segment } from "./sequence/row.ts"
import type { StepView } from "./stepView.ts"

/** tasks: others had to end first · between: from the end of one try to the next one. */
export type TimeKind = Segment["kind"] | "tasks" | "between"

export interface TimeSegment {
  readonly kind: TimeKind
  readonly from: number
  /** Undefined: it lasts until now. */
  readonly to: number | undefined
}

/** One try of a step; a step without a pod has one row for what it waited. */
export interface TimeRow {
  readonly pod: string | null
  readonly attempt: number
  readonly tryNumber: number
  readonly phase: ViewPhase
  /** In order of time; they leave nothing out. */
  readonly segments: readonly TimeSegment[]
}

/** Where a step's time went, from when its run began. */
export function stepTimes(task: string, step: StepView, begin: string | null): readonly TimeRow[] {
  let end = begin === null ? undefined : Date.parse(begin)
  const rows = itemsOfStep(task, step).flatMap((item): readonly TimeRow[] => {
    if (item.kind !== "pod") return []
    const { segments } = rowOfPod(item)
    const from = segments[0]?.from ?? item.createdAt
    const kind = item.attempt === 1 && item.tryNumber === 1 ? "tasks" : "between"
    const before: readonly TimeSegment[] =
      end !== undefined && from > end ? [{ kind, from: end, to: from }] : []
    end = segments.at(-1)?.to ?? item.endedAt
    return [
      {
        pod: item.isSeen ? item.name : null,
        attempt: item.attempt,
        tryNumber: item.tryNumber,
        phase: item.phase,
        segments: [...before, ...segments],
      },
    ]
  })
  if (rows.length > 0 || end === undefined) return rows
  if (step.phase !== "waiting" && step.phase !== "queued") return []
  const waits: TimeSegment = { kind: "tasks", from: end, to: undefined }
  return [{ pod: null, attempt: 1, tryNumber: 1, phase: step.phase, segments: [waits] }]
}

export interface TimeSums {
  readonly tasks: number
  readonly between: number
  readonly waited: number
  readonly cold: number
  readonly work: number
  readonly total: number
}

/** The parts add up to the total. */
export function timeSums(rows: readonly TimeRow[], now: number): TimeSums {
  const sums = { tasks: 0, between: 0, waited: 0, cold: 0, work: 0, total: 0 }
  for (const { kind, from, to } of rows.flatMap(({ segments }) => segments)) {
    const length = Math.max(0, (to ?? now) - from)
    sums[partOf(kind)] += length
    sums.total += length
  }
  return sums
}

function partOf(kind: TimeKind): Exclude<keyof TimeSums, "total"> {
  switch (kind) {
    case "tasks":
    case "between":
    case "work":
      return kind
    case "wait":
      return "waited"
    case "failed":
      return "work"
    case "pull":
    case "init":
    case "setup":
      return "cold"
  }
}

import type { SequenceRow } from "./row.ts"

/**
 * Where times lie. One scale holds for the whole picture: a millisecond is as long everywhere, and a
 * stretch in which nothing ran is cut out, with its length kept to be printed. Places are in
 * milliseconds of the picture, counted from its beginning.
 */
export interface Scale {
  readonly begin: number
  readonly end: number
  /** How long the picture is. */
  readonly length: number
  readonly pieces: readonly Piece[]
  readonly gaps: readonly Gap[]
}

/** A stretch of time that is drawn. */
interface Piece {
  readonly from: number
  readonly to: number
  readonly place: number
}

export interface Gap {
  /** Nothing ran between these. */
  readonly from: number
  readonly to: number
  /** Where its band lies. */
  readonly place: number
  readonly width: number
}

export interface ScaleSetting {
  readonly now: number
  readonly cutsGaps: boolean
  /** How wide a cut gap's band is, as a share of the picture without gaps. */
  readonly gapShare: number
}

const leastGap = 60_000

export function scaleOf(rows: readonly SequenceRow[], setting: ScaleSetting): Scale {
  const busy = busyTimes(rows, setting.now)
  const first = busy[0]
  const last = busy.at(-1)
  if (first === undefined || last === undefined) return emptyScale
  const begin = first.from
  const end = last.to
  const least = Math.max(leastGap, (end - begin) / 10)
  const cuts = setting.cutsGaps ? idle(busy).filter(({ from, to }) => to - from > least) : []
  const kept = cuts.reduce((sum, { from, to }) => sum - (to - from), end - begin)
  const width = Math.max(1000, Math.round((kept * setting.gapShare) / 1000) * 1000)
  const pieces: Piece[] = []
  const gaps: Gap[] = []
  let place = 0
  let from = begin
  for (const cut of cuts) {
    // A little of the gap stays on both sides, so that a bar's end is seen to be one.
    const rim = Math.min((cut.to - cut.from) / 4, width / 4)
    pieces.push({ from, to: cut.from + rim, place })
    place += cut.from + rim - from
    gaps.push({ ...cut, place, width })
    place += width
    from = cut.to - rim
  }
  pieces.push({ from, to: end, place })
  return { begin, end, length: Math.max(1000, place + end - from), pieces, gaps }
}

const emptyScale: Scale = { begin: 0, end: 0, length: 1000, pieces: [], gaps: [] }

interface Stretch {
  readonly from: number
  readonly to: number
}

/** When anything waited for a node, started or ran. */
function busyTimes(rows: readonly SequenceRow[], now: number): readonly Stretch[] {
  const stretches: Stretch[] = []
  for (const { begin, end } of rows) {
    if (begin !== undefined) stretches.push({ from: begin, to: Math.max(begin, end ?? now) })
  }
  stretches.sort((a, b) => a.from - b.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of stretches) {
    const last = merged.at(-1)
    if (last === undefined || from > last.to) merged.push({ from, to })
    else if (to > last.to) last.to = to
  }
  return merged
}

function idle(busy: readonly Stretch[]): readonly Stretch[] {
  return busy.slice(1).map(({ from }, index) => ({ from: busy[index]?.to ?? from, to: from }))
}

/** Where a time lies; one inside a cut lies in its band. */
export function placeOf({ pieces, gaps }: Scale, time: number): number {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((pieces[middle]?.from ?? 0) <= time) low = middle
    else high = middle - 1
  }
  const piece = pieces[low]
  if (piece === undefined) return 0
  const next = pieces[low + 1]
  if (next === undefined || time <= piece.to) return piece.place + time - piece.from
  const gap = gaps[low]
  const share = (time - piece.to) / (next.from - piece.to)
  return (gap?.place ?? piece.place) + share * (gap?.width ?? 0)
}

export function timeAt({ pieces, gaps, begin }: Scale, place: number): number {
  for (let index = pieces.length - 1; index >= 0; index--) {
    const piece = pieces[index]
    if (piece === undefined || (place < piece.place && index > 0)) continue
    const time = piece.from + place - piece.place
    const next = pieces[index + 1]
    if (next === undefined || time <= piece.to) return time
    const gap = gaps[index]
    if (gap === undefined) return time
    return piece.to + ((place - gap.place) / gap.width) * (next.from - piece.to)
  }
  return begin
}

/** Which part of the picture is seen, in its milliseconds. */
export interface Window {
  readonly from: number
  readonly to: number
}

export function wholeWindow({ length }: Scale): Window {
  return { from: 0, to: length }
}

/** Zooms about a place that keeps where it is; a second is the least, a tenth beside the picture the most. */
export function zoom(scale: Scale, window: Window, at: number, factor: number): Window {
  const most = scale.length * 1.2
  const length = Math.min(most, Math.max(1000, (window.to - window.from) / factor))
  const share = (at - window.from) / (window.to - window.from)
  return keepInside(scale, { from: at - share * length, to: at + (1 - share) * length })
}

export function pan(scale: Scale, window: Window, by: number): Window {
  return keepInside(scale, { from: window.from + by, to: window.to + by })
}

/** At least a tenth of what is seen shows the picture. */
function keepInside({ length }: Scale, { from, to }: Window): Window {
  const seen = to - from
  const left = Math.min(Math.max(from, -0.9 * seen), length - 0.1 * seen)
  return { from: left, to: left + seen }
}

export interface Tick {
  readonly time: number
  readonly place: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28, 84, 364].map((count) => count * day),
]

/** The time between two lines: the shortest of the usual ones that leaves `least` of the picture between. */
export function tickStep(least: number): number {
  return steps.find((step) => step >= least) ?? steps.at(-1) ?? day
}

/** Lines at whole steps since the beginning, as far as they are seen. */
export function ticksOf(scale: Scale, window: Window, step: number): readonly Tick[] {
  const ticks: Tick[] = []
  const last = scale.pieces.length - 1
  for (const [index, piece] of scale.pieces.entries()) {
    const from = Math.max(piece.from, piece.from + window.from - piece.place)
    // Beyond the end the axis goes on as far as the picture does.
    const seen = piece.from + window.to - piece.place
    const to = index === last ? seen : Math.min(piece.to, seen)
    const first = Math.ceil((from - scale.begin) / step)
    for (let time = scale.begin + first * step; time <= to; time += step) {
      ticks.push({ time, place: piece.place + time - piece.from })
    }
  }
  return ticks
}

import type { SequenceRow } from "#core/view/sequence/row"
import {
  pan,
  placeOf,
  type Scale,
  tickStep,
  timeAt,
  type Window,
  zoom,
} from "#core/view/sequence/scale"

/** Between which times a person looks, in milliseconds since 1970; undefined: at all of it, following. */
export type Zoomed = readonly [number, number] | undefined

/** Which part of the picture is seen. A little room at the end keeps it from moving each second. */
export function windowOf(scale: Scale, zoomed: Zoomed, isLive: boolean): Window {
  if (zoomed !== undefined) {
    const from = placeOf(scale, zoomed[0])
    return { from, to: Math.max(from + 1000, placeOf(scale, zoomed[1])) }
  }
  const { length } = scale
  if (!isLive) return { from: 0, to: length * 1.015 }
  const step = tickStep(length / 24)
  return { from: 0, to: Math.ceil((length * 1.03) / step) * step }
}

export function zoomedTo(scale: Scale, { from, to }: Window): Zoomed {
  return [timeAt(scale, from), timeAt(scale, to)]
}

export function zoomAt(scale: Scale, window: Window, place: number, factor: number): Zoomed {
  return zoomedTo(scale, zoom(scale, window, place, factor))
}

export function panBy(scale: Scale, window: Window, places: number): Zoomed {
  return zoomedTo(scale, pan(scale, window, places))
}

/** So that a row fills most of the picture; undefined when it has not begun. */
export function zoomToRow({ begin, end }: SequenceRow, now: number): Zoomed {
  if (begin === undefined) return undefined
  const length = Math.max(1000, (end ?? now) - begin)
  return [begin - length * 0.1, begin + length * 1.1]
}

/** On to the next gap, and from the last one to the first. */
export function nextGap(scale: Scale, window: Window): Zoomed {
  const middle = (window.from + window.to) / 2
  const next = scale.gaps.find((gap) => gap.place > middle + 1) ?? scale.gaps[0]
  if (next === undefined) return undefined
  const length = Math.min(window.to - window.from, scale.length / 2)
  const at = next.place + next.width / 2
  return zoomedTo(scale, { from: at - length / 2, to: at + length / 2 })
}

/** As wide as before, with now near its end. */
export function zoomToNow(scale: Scale, window: Window, now: number): Zoomed {
  const length = window.to - window.from
  const at = placeOf(scale, now)
  return zoomedTo(scale, { from: at - length * 0.8, to: at + length * 0.2 })
}

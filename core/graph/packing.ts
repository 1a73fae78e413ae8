/** Where the upper left corner of each box goes, and what all of them cover. */
export interface Packing {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly width: number
  readonly height: number
}

/**
 * Puts boxes on shelves, high ones first, so that together they are about as wide as a screen.
 * Boxes of one height keep their order.
 */
export function packBoxes(
  widths: Float64Array,
  heights: Float64Array,
  gap: number,
  aspect: number,
): Packing {
  const order = Array.from(heights.keys())
  order.sort((a, b) => (heights[b] as number) - (heights[a] as number) || a - b)
  let area = 0
  let limit = 0
  for (const b of order) {
    area += ((widths[b] as number) + gap) * ((heights[b] as number) + gap)
    limit = Math.max(limit, widths[b] as number)
  }
  limit = Math.max(limit, Math.sqrt(area * aspect))
  const x = new Float64Array(order.length)
  const y = new Float64Array(order.length)
  let width = 0
  let right = 0
  let top = 0
  let bottom = 0
  for (const b of order) {
    if (right > 0 && right + (widths[b] as number) > limit) {
      right = 0
      top = bottom + gap
    }
    x[b] = right
    y[b] = top
    width = Math.max(width, right + (widths[b] as number))
    bottom = Math.max(bottom, top + (heights[b] as number))
    right += (widths[b] as number) + gap
  }
  return { x, y, width, height: bottom }
}

/**
 * Leaves boxes that were there (`isOld`) where they are, but for those that would overlap, and puts
 * the others after them; then all are moved so that the picture begins at 0, 0. Undefined where
 * there are so many that they are better packed anew.
 */
export function keepBoxes(boxes: Boxes, isOld: Uint8Array, gap: number): KeptBoxes | undefined {
  const count = isOld.length
  if (count > mostKept) return undefined
  const along = new Float64Array(count)
  const across = new Float64Array(count)
  const order = Array.from(isOld.keys()).sort(
    (a, b) =>
      (isOld[b] as number) - (isOld[a] as number) ||
      (isOld[a] === 1 ? (boxes.low[a] as number) - (boxes.low[b] as number) : 0) ||
      a - b,
  )
  const done: number[] = []
  let far = 0
  for (const p of order) {
    const begin = boxes.begin[p] as number
    let low = isOld[p] === 1 ? (boxes.low[p] as number) : far + gap
    for (let isClear = false; !isClear; ) {
      isClear = true
      for (const q of done) {
        const isBeside =
          begin >= (boxes.along[q] as number) + gap / 2 ||
          (boxes.along[p] as number) + gap / 2 <= (boxes.begin[q] as number)
        const end = (across[q] as number) + (boxes.across[q] as number) + gap / 2
        const isApart =
          low >= end || low + (boxes.across[p] as number) + gap / 2 <= (across[q] as number)
        if (isBeside || isApart) continue
        low = end
        isClear = false
      }
    }
    across[p] = low
    done.push(p)
    far = Math.max(far, low + (boxes.across[p] as number))
  }
  const top = done.reduce((least, p) => Math.min(least, across[p] as number), far)
  const left = done.reduce(
    (least, p) => Math.min(least, boxes.begin[p] as number),
    Number.POSITIVE_INFINITY,
  )
  let width = 0
  for (const p of done) {
    across[p] = (across[p] as number) - top
    along[p] = -left
    width = Math.max(width, (boxes.along[p] as number) - left)
  }
  return { along, across, width, height: far - top }
}

/** Of each box where it begins and ends along, where it begins across, and how much it covers there. */
interface Boxes {
  readonly begin: Float64Array
  readonly along: Float64Array
  readonly low: Float64Array
  readonly across: Float64Array
}

/** How far each box is moved along and where it begins across, and what all of them cover. */
interface KeptBoxes {
  readonly along: Float64Array
  readonly across: Float64Array
  readonly width: number
  readonly height: number
}

const mostKept = 1000

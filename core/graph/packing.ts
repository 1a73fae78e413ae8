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

import type { Direction } from "./layout.ts"
import type { Lines } from "./routing.ts"

/** A line as SVG path data: curves between layers, straight past them, and the head of its arrow. */
export function linePath({ start, x, y }: Lines, line: number, direction: Direction) {
  const first = start[line] as number
  const last = (start[line + 1] as number) - 1
  const along = direction === "right" ? x : y
  const across = direction === "right" ? y : x
  const point = (a: number, b: number) =>
    direction === "right" ? `${round(a)} ${round(b)}` : `${round(b)} ${round(a)}`

  const tip = { a: along[last] as number, b: across[last] as number }
  const before = { a: along[last - 1] as number, b: across[last - 1] as number }
  // A loop comes in from the side, every other line along the direction or against it.
  const fromSide = before.a === tip.a
  const sign = fromSide ? Math.sign(tip.b - before.b) : Math.sign(tip.a - before.a)
  const end = fromSide
    ? { a: tip.a, b: tip.b - sign * headLength }
    : { a: tip.a - sign * headLength, b: tip.b }

  let path = `M${point(along[first] as number, across[first] as number)}`
  for (let k = first + 1; k <= last; k++) {
    const from = { a: along[k - 1] as number, b: across[k - 1] as number }
    const to = k === last ? end : { a: along[k] as number, b: across[k] as number }
    if (from.b === to.b || from.a === to.a) path += `L${point(to.a, to.b)}`
    else {
      const middle = (from.a + to.a) / 2
      path += `C${point(middle, from.b)} ${point(middle, to.b)} ${point(to.a, to.b)}`
    }
  }
  const wing = (side: number) =>
    fromSide ? point(tip.a + side * headWidth, end.b) : point(end.a, tip.b + side * headWidth)
  const head = `M${point(tip.a, tip.b)}L${wing(-1)}L${wing(1)}Z`
  return { path, head }
}

const headLength = 7
const headWidth = 4

function round(number: number): number {
  return Math.round(number * 10) / 10
}

import { buildGraph } from "#core/graph/graph"
import { layout } from "#core/graph/layout"
import type { LaidOut, LayoutOrder } from "./layoutOrder.ts"

// Lays out off the page's own thread, so that a large graph holds up neither keys nor pan.
addEventListener("message", ({ data }: MessageEvent<LayoutOrder>) => {
  const { number, size, from, to, ...how } = data
  const placed = layout({ graph: buildGraph(size, from, to), ...how })
  const { x, y, lines, reversed } = placed
  const answer: LaidOut = {
    number,
    x,
    y,
    width: placed.width,
    height: placed.height,
    lines,
    reversed,
  }
  postMessage(answer, {
    transfer: [x.buffer, y.buffer, lines.start.buffer, lines.x.buffer, lines.y.buffer],
  })
})

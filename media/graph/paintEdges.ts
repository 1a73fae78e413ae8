import type { Palette } from "../shared/palette.ts"
import type { Model } from "./model.ts"
import { phaseOf } from "./model.ts"
import type { Scene } from "./scene.ts"

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

/** Between these scales curves become straight, and heads of arrows leave. */
const curveScale = 0.25
const headLength = 7
const headWidth = 4

export interface EdgePaint {
  readonly scene: Scene
  readonly model: Model
  readonly palette: Palette
  readonly scale: number
  /** 1 for edges that lead along the path that is looked at. */
  readonly lit: Uint8Array | undefined
}

/** Many edges at once: as few strokes as there are kinds of them. */
export function paintEdges(context: Context, edges: readonly number[], paint: EdgePaint): void {
  const { palette, lit } = paint
  const isLit = (e: number) => lit !== undefined && lit[e] === 1
  const quiet = edges.filter((e) => !isLit(e))
  const loud = lit === undefined ? [] : edges.filter(isLit)
  paintGroup(context, quiet, paint, palette.colors.lines, 1.25)
  if (loud.length > 0) paintGroup(context, loud, paint, palette.colors.text, 2)
}

function paintGroup(
  context: Context,
  edges: readonly number[],
  paint: EdgePaint,
  color: string,
  width: number,
): void {
  const { scene, model, palette, scale } = paint
  const { reversed } = scene.laidOut
  const thin = Math.max(width, (width > 1.5 ? 1.25 : 0.6) / scale)
  context.strokeStyle = color
  context.fillStyle = color
  context.lineJoin = "round"
  if (scale < curveScale) {
    context.lineWidth = thin
    strokeInParts(context, edges, (e) => trace(context, scene, e, false, 0))
    return
  }
  const twins: number[] = []
  const off: number[] = []
  const plain: number[] = []
  for (const e of edges) {
    const edge = model.picture.edges[e]
    if (edge === undefined) continue
    if (reversed[e] === 1 || (model.hasRun && phaseOf(model, edge.to) === "skipped")) off.push(e)
    else if (edge.kind === "iterate") twins.push(e)
    else plain.push(e)
  }
  context.lineWidth = 2.75 + width
  strokeInParts(context, twins, (e) => trace(context, scene, e, true, headLength))
  context.lineWidth = 1.75
  context.strokeStyle = palette.colors.ground
  strokeInParts(context, twins, (e) => trace(context, scene, e, true, headLength))
  context.strokeStyle = color
  context.lineWidth = Math.max(width, 0.7 / scale)
  strokeInParts(context, plain, (e) => trace(context, scene, e, true, headLength))
  context.setLineDash([3, 4])
  strokeInParts(context, off, (e) => trace(context, scene, e, true, headLength))
  context.setLineDash([])
  strokeInParts(context, edges, (e) => traceHead(context, scene, e), "fill")
}

/** A path of thousands of lines takes longer to fill in than many of a few hundred. */
function strokeInParts(
  context: Context,
  edges: readonly number[],
  add: (e: number) => void,
  how: "stroke" | "fill" = "stroke",
): void {
  for (let i = 0; i < edges.length; i += 200) {
    context.beginPath()
    for (let k = i; k < Math.min(edges.length, i + 200); k++) add(edges[k] as number)
    context[how]()
  }
}

function trace(
  context: Context,
  { laidOut, direction }: Scene,
  e: number,
  isCurved: boolean,
  short: number,
): void {
  const { start, x, y } = laidOut.lines
  const first = start[e] as number
  const last = (start[e + 1] as number) - 1
  const isRight = direction === "right"
  context.moveTo(x[first] as number, y[first] as number)
  for (let k = first + 1; k <= last; k++) {
    const fromX = x[k - 1] as number
    const fromY = y[k - 1] as number
    let toX = x[k] as number
    let toY = y[k] as number
    if (k === last && short > 0) {
      // A loop comes in from the side, every other line along the direction or against it.
      if (toX === fromX && toY !== fromY) toY -= Math.sign(toY - fromY) * short
      else if (toY === fromY && toX !== fromX) toX -= Math.sign(toX - fromX) * short
      else if (isRight) toX -= Math.sign(toX - fromX) * short
      else toY -= Math.sign(toY - fromY) * short
    }
    if (!isCurved || fromX === toX || fromY === toY) context.lineTo(toX, toY)
    else if (isRight) {
      const middle = (fromX + toX) / 2
      context.bezierCurveTo(middle, fromY, middle, toY, toX, toY)
    } else {
      const middle = (fromY + toY) / 2
      context.bezierCurveTo(fromX, middle, toX, middle, toX, toY)
    }
  }
}

function traceHead(context: Context, { laidOut, direction }: Scene, e: number): void {
  const { start, x, y } = laidOut.lines
  const last = (start[e + 1] as number) - 1
  const tipX = x[last] as number
  const tipY = y[last] as number
  const dx = tipX - (x[last - 1] as number)
  const dy = tipY - (y[last - 1] as number)
  const isAcross = dx === 0 || (direction === "down" && dy !== 0)
  context.moveTo(tipX, tipY)
  if (isAcross) {
    const back = tipY - Math.sign(dy) * headLength
    context.lineTo(tipX - headWidth, back)
    context.lineTo(tipX + headWidth, back)
  } else {
    const back = tipX - Math.sign(dx) * headLength
    context.lineTo(back, tipY - headWidth)
    context.lineTo(back, tipY + headWidth)
  }
  context.closePath()
}

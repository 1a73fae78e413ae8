import { type ViewPhase, viewPhases } from "#core/view/phase"
import { drawPhase } from "../shared/drawPhase.ts"
import type { Palette } from "../shared/palette.ts"
import { visibleText } from "../shared/visibleText.ts"
import { type Model, phaseOf } from "./model.ts"
import { cellAt, type NodeSize, padding } from "./nodeSize.ts"
import { stateLine } from "./saying.ts"

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

export interface NodePaint {
  readonly model: Model
  readonly palette: Palette
  readonly task: number
  readonly size: NodeSize
  readonly x: number
  readonly y: number
  readonly scale: number
  readonly now: number
}

/** Text leaves below this scale, and below the second everything but a coloured piece. */
export const textScale = 0.4
export const shapeScale = 0.14

/** One task, as much of it as can be told at this scale. */
export function paintNode(context: Context, node: NodePaint): void {
  const { model, palette, task, size, x, y, scale } = node
  const phase = phaseOf(model, task)
  const inks = palette.phases[phase]
  if (scale < shapeScale) {
    const isHollow = palette.theme.isHighContrast && palette.phases.waiting.full === inks.full
    context.fillStyle = isHollow ? palette.colors.ground : inks.far
    context.fillRect(x, y, size.width, size.height)
    if (!isHollow) return
    // Without tints, what has not begun is told from what runs by having no filling.
    context.lineWidth = 0.75 / scale
    context.strokeStyle = inks.far
    context.strokeRect(x, y, size.width, size.height)
    return
  }
  const isIdle = phase === "waiting" || phase === "not-started" || phase === "unknown"
  const card = (shift: number) => {
    context.beginPath()
    context.roundRect(x + shift + 0.5, y + shift + 0.5, size.width - 1, size.height - 1, 5)
    context.fillStyle = palette.colors.raised
    context.fill()
    context.setLineDash(isIdle && shift === 0 ? [4, 3] : [])
    // Seen from further away an outline is as thin as it can be and still be seen.
    context.lineWidth = Math.max(phase === "failed" && shift === 0 ? 2 : 1, 0.75 / scale)
    const edge = isIdle && shift > 0 ? palette.emptyStrip : inks.border
    context.strokeStyle = phase === "failed" ? inks.full : edge
    context.stroke()
    context.setLineDash([])
  }
  if (size.behind > 0) {
    card(size.behind)
    card(size.behind / 2)
  }
  card(0)
  if (phase === "skipped") hatch(context, palette, x, y, size)
  if (size.cells !== undefined) paintCells(context, node)
  else if (size.height > 50) paintStrip(context, node)
  if (scale >= textScale) paintText(context, node, phase, isIdle)
}

function paintText(context: Context, node: NodePaint, phase: ViewPhase, isIdle: boolean): void {
  const { model, palette, task, size, x, y, now } = node
  const { theme, colors } = palette
  // What turns is drawn over the picture; here is its still three-quarter arc's place.
  if (phase !== "running") {
    drawPhase(context as CanvasRenderingContext2D, theme, {
      ...signPlace(x, y),
      phase,
      turn: 0,
      color: palette.phases[phase].full,
    })
  }
  context.textBaseline = "middle"
  context.textAlign = "left"
  const room = size.width - padding - 29
  context.font = `${isIdle ? 400 : 600} 12px ${theme.font}`
  context.fillStyle = colors.text
  context.fillText(cutName(context, model.picture.tasks[task]?.name ?? "", room), x + 29, y + 15)
  context.font = `11px ${theme.font}`
  context.fillStyle = colors.dimText
  const line = visibleText(stateLine(model, task, now))
  context.fillText(cutEnd(context, line, size.width - 2 * padding), x + padding, y + 33)
}

/** Where the sign of a task's phase stands. */
export function signPlace(x: number, y: number) {
  return { x: x + padding + 7, y: y + 15, size: 14 }
}

function paintStrip(context: Context, { model, palette, task, size, x, y }: NodePaint): void {
  const width = size.width - 2 * padding
  const top = y + size.height - 11
  const counts = model.hasRun ? model.tasks[task]?.counts : undefined
  const total = counts?.total ?? 0
  if (counts === undefined || total === 0) {
    bar(context, palette, palette.emptyStrip, x + padding, top, width)
    return
  }
  const shown = stripPhases.filter((phase) => (counts.byPhase[phase] ?? 0) > 0)
  const idle = (counts.byPhase.waiting ?? 0) + (counts.byPhase["not-started"] ?? 0)
  const pieces = shown.length + (idle > 0 ? 1 : 0)
  const room = width - 2 * (pieces - 1)
  let left = x + padding
  for (const phase of shown) {
    const share = Math.max(2, (room * (counts.byPhase[phase] ?? 0)) / total)
    bar(context, palette, palette.phases[phase].full, left, top, share)
    left += share + 2
  }
  if (idle > 0) bar(context, palette, palette.emptyStrip, left, top, x + padding + width - left)
}

const stripPhases = [
  "succeeded",
  "reused",
  "skipped",
  "running",
  "queued",
  "suspended",
  "stopped",
  "failed",
] as const

function bar(
  context: Context,
  palette: Palette,
  color: string,
  x: number,
  y: number,
  width: number,
) {
  if (width <= 0) return
  context.fillStyle = color
  context.beginPath()
  context.roundRect(x, y, width, 4, 1)
  context.fill()
  if (!palette.theme.isHighContrast) return
  context.lineWidth = 0.5
  context.strokeStyle = palette.colors.contrast
  context.stroke()
}

function paintCells(context: Context, node: NodePaint): void {
  const { model, palette, task, size, x, y, scale } = node
  const { cells } = size
  if (cells === undefined) return
  const first = model.firstStep[task] as number
  const last = model.firstStep[task + 1] as number
  for (let step = first, cell = 0; step < last; step += cells.each, cell++) {
    const phase = worstOf(model, step, Math.min(last, step + cells.each))
    const inks = palette.phases[phase]
    const place = cellAt(cells, cell)
    const left = x + place.x
    const top = y + place.y
    if (cells.side < 10 || scale < 0.25) {
      context.fillStyle =
        phase === "waiting" || phase === "not-started" ? palette.emptyStrip : inks.far
      context.fillRect(left, top, cells.side, cells.side)
      continue
    }
    context.beginPath()
    context.roundRect(left + 0.5, top + 0.5, cells.side - 1, cells.side - 1, 3)
    context.lineWidth = 1
    if (phase === "failed" || phase === "succeeded") {
      context.fillStyle = phase === "failed" ? inks.full : inks.tint
      context.fill()
    }
    context.setLineDash(phase === "waiting" || phase === "not-started" ? [2, 2] : [])
    context.strokeStyle = inks.cellBorder
    context.stroke()
    context.setLineDash([])
    if (phase === "succeeded" || phase === "waiting" || phase === "not-started") continue
    const middle = cells.side / 2
    if (phase === "failed") {
      cross(context, palette.colors.ground, left + middle, top + middle)
    } else {
      drawPhase(context as CanvasRenderingContext2D, palette.theme, {
        phase,
        x: left + middle,
        y: top + middle,
        size: 11,
        turn: 0,
        color: inks.full,
      })
    }
  }
}

function cross(context: Context, color: string, x: number, y: number): void {
  context.strokeStyle = color
  context.lineWidth = 1.75
  context.beginPath()
  context.moveTo(x - 3, y - 3)
  context.lineTo(x + 3, y + 3)
  context.moveTo(x + 3, y - 3)
  context.lineTo(x - 3, y + 3)
  context.stroke()
}

/** The phase that a piece of a mosaic shows: what a person should see first. */
function worstOf(model: Model, from: number, to: number): ViewPhase {
  let worst = model.phases[from] as number
  for (let step = from + 1; step < to; step++) {
    const phase = model.phases[step] as number
    if ((badness[phase] ?? 0) > (badness[worst] ?? 0)) worst = phase
  }
  return viewPhases[worst] ?? "waiting"
}

const badness = viewPhases.map((phase) => {
  const order: readonly ViewPhase[] = ["failed", "stopped", "running", "queued", "suspended"]
  const place = order.indexOf(phase)
  return place === -1 ? 0 : order.length - place
})

function hatch(context: Context, palette: Palette, x: number, y: number, size: NodeSize): void {
  context.save()
  context.beginPath()
  context.roundRect(x + 1, y + 1, size.width - 2, size.height - 2, 4)
  context.clip()
  context.strokeStyle = palette.hatch
  context.lineWidth = palette.theme.isHighContrast ? 0.5 : 1.75
  context.beginPath()
  for (let left = x - size.height; left < x + size.width; left += 7) {
    context.moveTo(left, y + size.height)
    context.lineTo(left + size.height * 0.7, y)
  }
  context.stroke()
  context.restore()
}

/** Names are cut in the middle: their ends tell them apart. */
function cutName(context: Context, name: string, room: number): string {
  return cached(context, name, room, (fits, signs) => {
    let low = 1
    let high = signs.length
    const cut = (count: number) => {
      const right = Math.floor(count / 2)
      return `${signs.slice(0, count - right).join("")}…${right === 0 ? "" : signs.slice(-right).join("")}`
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (fits(cut(middle))) low = middle
      else high = middle - 1
    }
    return cut(low)
  })
}

function cutEnd(context: Context, text: string, room: number): string {
  return cached(context, text, room, (fits, signs) => {
    let low = 1
    let high = signs.length
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (fits(`${signs.slice(0, middle).join("")}…`)) low = middle
      else high = middle - 1
    }
    return `${signs.slice(0, low).join("")}…`
  })
}

const cuts = new Map<string, string>()

/** Measuring text is dear, and the same names come back in every frame. */
function cached(
  context: Context,
  text: string,
  room: number,
  cut: (fits: (part: string) => boolean, signs: readonly string[]) => string,
): string {
  const key = `${context.font} ${room} ${text}`
  const known = cuts.get(key)
  if (known !== undefined) return known
  const fits = (part: string) => context.measureText(part).width <= room
  // No name that long could be seen; measuring it would take as long as it is.
  const shown = visibleText(text.slice(0, 500))
  const made = fits(shown) ? shown : cut(fits, Array.from(shown))
  if (cuts.size > 20_000) cuts.clear()
  cuts.set(key, made)
  return made
}

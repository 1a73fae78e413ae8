import type { Segment, SequenceRow } from "#core/view/sequence/row"
import { phaseColor } from "../shared/phaseColor.ts"
import type { Theme } from "../shared/theme.ts"

/** What bars are filled with, made once for a theme and a density of pixels. */
export interface Paint {
  readonly theme: Theme
  readonly cold: CanvasPattern | string
  readonly coldFlat: string
  readonly grid: string
  readonly band: string
  readonly hover: string
}

export function makePaint(context: CanvasRenderingContext2D, theme: Theme, density: number): Paint {
  return {
    theme,
    cold: stripes(context, theme, density) ?? theme.colors.dimText,
    coldFlat: mix(theme.colors.dimText, 60),
    grid: mix(theme.colors.lines, theme.isHighContrast ? 60 : 22),
    band: mix(theme.colors.text, 5),
    hover: theme.colors.hover,
  }
}

export function mix(color: string, percent: number): string {
  return `color-mix(in srgb, ${color} ${percent}%, transparent)`
}

/** Two pixels of line, four of ground, at 55°: it is read without colour. */
function stripes(
  context: CanvasRenderingContext2D,
  theme: Theme,
  density: number,
): CanvasPattern | undefined {
  const width = 7
  const height = 10
  const tile = document.createElement("canvas")
  tile.width = Math.round(width * density)
  tile.height = Math.round(height * density)
  const on = tile.getContext("2d")
  if (on === null) return undefined
  on.scale(tile.width / width, tile.height / height)
  on.strokeStyle = theme.colors.dimText
  on.lineWidth = 1.7
  for (const shift of [-width, 0, width]) {
    on.beginPath()
    on.moveTo(shift - 1, height + 10 / 7)
    on.lineTo(shift + width + 1, -10 / 7)
    on.stroke()
  }
  const pattern = context.createPattern(tile, "repeat") ?? undefined
  pattern?.setTransform(new DOMMatrix().scale(width / tile.width, height / tile.height))
  return pattern
}

/** The colour of a stretch of work. */
export function workColor({ kind }: Segment, { phase }: SequenceRow, { colors }: Theme): string {
  if (kind === "failed") return colors.red
  if (phase === "running" || phase === "queued") return colors.blue
  return phase === "failed" ? colors.green : colors[phaseColor[phase]]
}

const cutTexts = new Map<string, string>()

/** A name that is too long is cut in the middle, as its end tells it apart. */
export function cutText(context: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${context.font}\n${Math.round(width)}\n${text}`
  const known = cutTexts.get(key)
  if (known !== undefined) return known
  if (cutTexts.size > 5000) cutTexts.clear()
  const cut = measureCut(context, text, width)
  cutTexts.set(key, cut)
  return cut
}

function measureCut(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (text.length < 300 && context.measureText(text).width <= width) return text
  let low = 1
  let high = Math.min(text.length, 300)
  const cutTo = (length: number) =>
    `${text.slice(0, Math.ceil(length * 0.5))}…${text.slice(text.length - Math.floor(length * 0.5))}`
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (context.measureText(cutTo(middle)).width <= width) low = middle
    else high = middle - 1
  }
  return cutTo(low)
}

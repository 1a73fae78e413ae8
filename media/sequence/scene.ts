import { placeOf, type Scale, type Window } from "#core/view/sequence/scale"
import type { Link } from "./links.ts"
import type { Paint } from "./paint.ts"
import type { RowLayout } from "./rowLayout.ts"

/** Everything one picture is drawn from. */
export interface Scene {
  readonly layout: RowLayout
  readonly scale: Scale
  readonly window: Window
  readonly now: number
  readonly isLive: boolean
  /** How far the list is scrolled. */
  readonly top: number
  readonly width: number
  readonly height: number
  readonly hovered: string | undefined
  readonly selected: string | undefined
  /** Which stretch of the selected row. */
  readonly segment: number | undefined
  readonly brush: readonly [number, number] | undefined
  /** From the row that was waited for to the one that waited. */
  readonly links: readonly Link[]
  readonly clock: number
  /** What the rows are, at the head of their names. */
  readonly rowsWord: string
}

export const axisHeight = 46

/** Where columns lie; the narrower the panel, the fewer there are. */
export interface Columns {
  readonly plotLeft: number
  readonly plotRight: number
  /** Right ends of Waited, Cold, Work, Total, as many as there is room for. */
  readonly ends: readonly (readonly ["waited" | "cold" | "work" | "total", number])[]
}

export function columnsFor(width: number): Columns {
  const left = width < 560 ? 118 : width < 900 ? 160 : 194
  const right = width - 12
  if (width < 560) return { plotLeft: left, plotRight: right, ends: [] }
  const shown = width < 820 ? (["total"] as const) : (["waited", "cold", "work", "total"] as const)
  const ends = shown.map((id, index) => [id, right - (shown.length - 1 - index) * 64] as const)
  return { plotLeft: left, plotRight: right - shown.length * 64 - 14, ends }
}

export function xOf(columns: Columns, { window }: Pick<Scene, "window">, place: number): number {
  const width = columns.plotRight - columns.plotLeft
  return columns.plotLeft + ((place - window.from) / (window.to - window.from)) * width
}

/** How much of the picture's time lies under so many pixels. */
export function placesPerPixel(columns: Columns, window: Window): number {
  return (window.to - window.from) / Math.max(1, columns.plotRight - columns.plotLeft)
}

export function xOfTime(scene: Scene, columns: Columns, time: number): number {
  return xOf(columns, scene, placeOf(scene.scale, time))
}

/** What is drawn with. */
export interface Pen {
  readonly context: CanvasRenderingContext2D
  readonly paint: Paint
  readonly font: string
}

export interface TextStyle {
  readonly color: string
  readonly font?: string
  readonly align?: CanvasTextAlign
  /** It stands where lines of the axis pass. */
  readonly isOverLines?: boolean
}

/** One line, its middle at `y`. */
export function writeText(pen: Pen, text: string, x: number, y: number, style: TextStyle): void {
  const { context } = pen
  context.font = `${style.font ?? "12px"} ${pen.font}`
  context.textAlign = style.align ?? "left"
  context.textBaseline = "middle"
  const { theme } = pen.paint
  if (style.isOverLines && theme.isHighContrast) {
    // There lines are as bright as text.
    const width = context.measureText(text).width + 4
    const left = context.textAlign === "right" ? x - width + 2 : x - 2
    context.fillStyle = theme.colors.ground
    context.fillRect(left, y - 8, width, 16)
  }
  context.fillStyle = style.color
  context.fillText(text, x, y)
}

import type { Area } from "./scene.ts"
import { areaOf, type Size, type View } from "./view.ts"

type Paint = (context: OffscreenCanvasRenderingContext2D, area: Area, scale: number) => void

/**
 * The picture as painted, a little larger than the window. Moving shifts what is there and paints
 * only the strips that come into sight; what changes is painted over in its place. So a frame costs
 * as much for ten thousand tasks as for ten.
 */
export class Surface {
  readonly #paint: Paint
  #shown = sheet(1, 1)
  #other = sheet(1, 1)
  #ratio = 1
  #painted: { readonly x: number; readonly y: number; readonly scale: number } | undefined

  constructor(paint: Paint) {
    this.#paint = paint
  }

  resize(window: Size, ratio: number): void {
    this.#ratio = ratio
    const width = Math.ceil(window.width * ratio) + 2 * margin
    const height = Math.ceil(window.height * ratio) + 2 * margin
    if (this.#shown.canvas.width === width && this.#shown.canvas.height === height) return
    this.#shown = sheet(width, height)
    this.#other = sheet(width, height)
    this.#painted = undefined
  }

  /** Everything may look otherwise. */
  invalidate(): void {
    this.#painted = undefined
  }

  /** Paints over what lies in the area, where that is on the sheet. */
  repaint(area: Area): void {
    const painted = this.#painted
    if (painted === undefined) return
    const { scale } = painted
    const x = Math.floor(area.x * scale - painted.x) - 1
    const y = Math.floor(area.y * scale - painted.y) - 1
    const width = Math.ceil(area.width * scale) + 3
    const height = Math.ceil(area.height * scale) + 3
    const { canvas } = this.#shown
    if (x > canvas.width || y > canvas.height || x + width < 0 || y + height < 0) return
    this.#fill(x, y, width, height)
  }

  /** Paints on top of what is there, for what hides all that is below it. */
  paintOver(paint: (context: OffscreenCanvasRenderingContext2D, scale: number) => void): void {
    const painted = this.#painted
    if (painted === undefined) return
    const { context } = this.#shown
    context.setTransform(painted.scale, 0, 0, painted.scale, -painted.x, -painted.y)
    paint(context, painted.scale / this.#ratio)
  }

  /** The scale of what is painted; undefined while nothing is. */
  get scale(): number | undefined {
    return this.#painted && this.#painted.scale / this.#ratio
  }

  /** While a person zooms a large picture, what is there is stretched (`isRough`) until they rest. */
  draw(target: CanvasRenderingContext2D, view: View, isRough: boolean): void {
    const wanted = {
      x: Math.round(view.x * this.#ratio),
      y: Math.round(view.y * this.#ratio),
      scale: view.scale * this.#ratio,
    }
    const painted = this.#painted
    if (isRough && painted !== undefined && painted.scale !== wanted.scale) {
      const stretch = wanted.scale / painted.scale
      const { canvas } = this.#shown
      target.drawImage(
        canvas,
        painted.x * stretch - wanted.x,
        painted.y * stretch - wanted.y,
        canvas.width * stretch,
        canvas.height * stretch,
      )
      return
    }
    this.#bring(wanted)
    const now = this.#painted ?? wanted
    target.drawImage(this.#shown.canvas, now.x - wanted.x, now.y - wanted.y)
  }

  /** Makes the sheet hold what the window wants to see. */
  #bring(wanted: { readonly x: number; readonly y: number; readonly scale: number }): void {
    const { width, height } = this.#shown.canvas
    const painted = this.#painted
    const origin = { x: wanted.x - margin, y: wanted.y - margin, scale: wanted.scale }
    if (painted === undefined || painted.scale !== wanted.scale) {
      this.#painted = origin
      this.#fill(0, 0, width, height)
      return
    }
    const dx = wanted.x - painted.x
    const dy = wanted.y - painted.y
    if (dx >= 0 && dy >= 0 && dx <= 2 * margin && dy <= 2 * margin) return
    const shiftX = origin.x - painted.x
    const shiftY = origin.y - painted.y
    this.#painted = origin
    if (Math.abs(shiftX) >= width || Math.abs(shiftY) >= height) {
      this.#fill(0, 0, width, height)
      return
    }
    const before = this.#shown
    this.#shown = this.#other
    this.#other = before
    const { context } = this.#shown
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.globalCompositeOperation = "copy"
    context.drawImage(before.canvas, -shiftX, -shiftY)
    context.globalCompositeOperation = "source-over"
    if (shiftX > 0) this.#fill(width - shiftX, 0, shiftX, height)
    if (shiftX < 0) this.#fill(0, 0, -shiftX, height)
    if (shiftY > 0) this.#fill(0, height - shiftY, width, shiftY)
    if (shiftY < 0) this.#fill(0, 0, width, -shiftY)
  }

  #fill(x: number, y: number, width: number, height: number): void {
    const painted = this.#painted
    if (painted === undefined) return
    const { context } = this.#shown
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.beginPath()
    context.rect(x, y, width, height)
    context.clip()
    context.clearRect(x, y, width, height)
    context.setTransform(painted.scale, 0, 0, painted.scale, -painted.x, -painted.y)
    const area = areaOf(
      { x: painted.x + x, y: painted.y + y, scale: painted.scale },
      { width, height },
    )
    this.#paint(context, area, painted.scale / this.#ratio)
    context.restore()
  }
}

/** Device pixels kept on each side of the window: a person can move so far at the cost of a copy. */
const margin = 96

function sheet(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext("2d")
  if (context === null) throw new Error("This window cannot draw.")
  return { canvas, context }
}

import { element } from "../shared/element.ts"
import type { GraphCanvas } from "./canvas.ts"
import { type Model, phaseOf } from "./model.ts"
import type { NodeSize } from "./nodeSize.ts"

/** The whole picture, small, with a frame round what is in sight. A drag moves the frame. */
export class Minimap {
  readonly element = element("canvas", { class: "minimap", "aria-hidden": "true", hidden: true })
  readonly #canvas: GraphCanvas
  readonly #base = new OffscreenCanvas(1, 1)
  #model: Model
  #isOld = true
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(canvas: GraphCanvas, model: Model) {
    this.#canvas = canvas
    this.#model = model
    const move = (event: PointerEvent) => {
      if (event.buttons === 1) this.#moveTo(event.offsetX, event.offsetY)
    }
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId)
      move(event)
    })
    this.element.addEventListener("pointermove", move)
  }

  /** Phases changed: drawn anew twice a second at most, however often the frame in it moves. */
  refresh(model: Model): void {
    this.#model = model
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#isOld = true
      this.draw()
    }, 500)
  }

  draw(): void {
    const { scene, view, size } = this.#canvas
    const count = scene?.sizes.length ?? 0
    const isAllSeen =
      scene !== undefined &&
      view.x <= 0 &&
      view.y <= 0 &&
      scene.laidOut.width * view.scale - view.x <= size.width &&
      scene.laidOut.height * view.scale - view.y <= size.height
    const isWanted = count > 0 && (count >= 30 || !isAllSeen) && size.width > 480
    this.element.hidden = !isWanted
    if (!isWanted || scene === undefined) return
    const ratio = devicePixelRatio
    const { scale, left, top } = this.#fit()
    if (this.#isOld) this.#drawBase(scale * ratio, left * ratio, top * ratio, ratio)
    const context = this.element.getContext("2d")
    if (context === null) return
    this.element.width = width * ratio
    this.element.height = height * ratio
    context.drawImage(this.#base, 0, 0)
    const { colors } = this.#canvas.palette
    context.strokeStyle = colors.focus
    context.lineWidth = this.#canvas.palette.theme.isHighContrast ? 2 * ratio : ratio
    const x = left + (view.x / view.scale) * scale
    const y = top + (view.y / view.scale) * scale
    const right = Math.min(width - 2, x + (size.width / view.scale) * scale)
    const bottom = Math.min(height - 2, y + (size.height / view.scale) * scale)
    const begin = { x: Math.max(2, x), y: Math.max(2, y) }
    context.strokeRect(
      begin.x * ratio,
      begin.y * ratio,
      Math.max(2, right - begin.x) * ratio,
      Math.max(2, bottom - begin.y) * ratio,
    )
  }

  /** A new layout or theme. */
  forget(model: Model): void {
    this.#model = model
    this.#isOld = true
    this.draw()
  }

  #fit() {
    const picture = this.#canvas.scene?.laidOut ?? { width: 1, height: 1 }
    const scale = Math.min((width - 8) / picture.width, (height - 8) / picture.height)
    const left = (width - picture.width * scale) / 2
    const top = (height - picture.height * scale) / 2
    return { scale, left, top }
  }

  #drawBase(scale: number, left: number, top: number, ratio: number): void {
    const { scene, palette } = this.#canvas
    if (scene === undefined) return
    this.#base.width = width * ratio
    this.#base.height = height * ratio
    const context = this.#base.getContext("2d")
    if (context === null) return
    context.fillStyle = palette.colors.raised
    context.fillRect(0, 0, this.#base.width, this.#base.height)
    const { x, y } = scene.laidOut
    for (let v = 0; v < scene.sizes.length && v < this.#model.picture.tasks.length; v++) {
      const size = scene.sizes[v] as NodeSize
      context.fillStyle = palette.phases[phaseOf(this.#model, v)].far
      context.fillRect(
        left + (x[v] as number) * scale,
        top + (y[v] as number) * scale,
        Math.max(1, size.width * scale),
        Math.max(1, size.height * scale),
      )
    }
    this.#isOld = false
  }

  #moveTo(x: number, y: number): void {
    const { scale, left, top } = this.#fit()
    const { view, size } = this.#canvas
    this.#canvas.setView(
      {
        ...view,
        x: ((x - left) / scale) * view.scale - size.width / 2,
        y: ((y - top) / scale) * view.scale - size.height / 2,
      },
      true,
    )
  }
}

const width = 188
const height = 92

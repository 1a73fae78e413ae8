import type { Hit } from "./rowLayout.ts"
import { axisHeight, columnsFor } from "./scene.ts"

export interface PointerListener {
  /** What lies at this height of the canvas, below the axis. */
  readonly hit: (y: number) => Hit | undefined
  readonly onHover: (hit: Hit | undefined, isOnBars: boolean, x: number, y: number) => void
  readonly onClick: (hit: Hit) => void
  readonly onPan: (pixels: number) => void
  readonly onZoom: (factor: number, x: number) => void
  /** While it is drawn over the axis, and once it is done. */
  readonly onBrush: (range: readonly [number, number], isDone: boolean) => void
  readonly onFit: () => void
}

interface Drag {
  readonly x: number
  readonly isBrush: boolean
  last: number
  hasMoved: boolean
}

/** Drag on the axis brushes, on bars it pans; the wheel zooms over bars and scrolls beside them. */
export function listenToPointer(canvas: HTMLCanvasElement, listener: PointerListener): void {
  let drag: Drag | undefined
  const isOnBars = (x: number) => {
    const { plotLeft, plotRight } = columnsFor(canvas.clientWidth)
    return x >= plotLeft && x <= plotRight
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!isOnBars(event.offsetX)) return
      event.preventDefault()
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      if (isSideways) listener.onPan(event.deltaX || event.deltaY)
      else listener.onZoom(Math.exp(-event.deltaY / 400), event.offsetX)
    },
    { passive: false },
  )
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !isOnBars(event.offsetX)) return
    const x = event.offsetX
    drag = { x, isBrush: event.offsetY < axisHeight, last: x, hasMoved: false }
    canvas.setPointerCapture(event.pointerId)
  })
  canvas.addEventListener("pointermove", (event) => {
    const { offsetX: x, offsetY: y } = event
    if (drag === undefined) {
      const hit = listener.hit(y)
      canvas.style.cursor = hit ? "pointer" : y < axisHeight && isOnBars(x) ? "col-resize" : ""
      listener.onHover(hit, isOnBars(x), event.clientX, event.clientY)
      return
    }
    if (Math.abs(x - drag.x) > 3) drag.hasMoved = true
    if (drag.isBrush) listener.onBrush([drag.x, x], false)
    else if (drag.hasMoved) listener.onPan(drag.last - x)
    drag.last = x
  })
  canvas.addEventListener("pointerup", (event) => {
    const ended = drag
    drag = undefined
    if (ended?.isBrush) {
      const { x } = ended
      listener.onBrush([Math.min(x, event.offsetX), Math.max(x, event.offsetX)], true)
    }
    if (ended?.hasMoved) return
    const hit = listener.hit(event.offsetY)
    if (hit && event.button === 0) listener.onClick(hit)
  })
  canvas.addEventListener("pointercancel", () => {
    if (drag?.isBrush) listener.onBrush([drag.x, drag.x], true)
    drag = undefined
  })
  canvas.addEventListener("dblclick", (event) => {
    if (listener.hit(event.offsetY)?.kind !== "head") listener.onFit()
  })
  canvas.addEventListener("pointerleave", () => listener.onHover(undefined, false, 0, 0))
}

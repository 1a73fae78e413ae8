import type { Before } from "#core/graph/before"
import type { Direction, Layout } from "#core/graph/layout"
import code from "./layoutWorker.ts?worker"

/** What the worker is asked. */
export interface LayoutOrder {
  readonly number: number
  readonly size: number
  readonly from: Int32Array
  readonly to: Int32Array
  readonly width: Float64Array
  readonly height: Float64Array
  readonly direction: Direction
  readonly before?: Before
  readonly keeps?: "places" | "order"
}

/** What it answers; the arrays are moved, not copied. */
export interface LaidOut
  extends Pick<Layout, "x" | "y" | "width" | "height" | "lines" | "reversed"> {
  readonly number: number
}

/** Asks for layouts one after the other; of orders that wait only the newest is carried out. */
export class LayoutOrders {
  readonly #worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
  readonly #take: (laidOut: LaidOut) => void
  #number = 0
  #isBusy = false
  #next: LayoutOrder | undefined

  constructor(take: (laidOut: LaidOut) => void) {
    this.#take = take
    this.#worker.addEventListener("message", ({ data }: MessageEvent<LaidOut>) => {
      this.#isBusy = false
      const next = this.#next
      this.#next = undefined
      if (next) this.#send(next)
      else if (data.number === this.#number) this.#take(data)
    })
  }

  /** Answers the number by which the layout can be told when it comes. */
  ask(order: Omit<LayoutOrder, "number">): number {
    const numbered = { ...order, number: ++this.#number }
    if (this.#isBusy) this.#next = numbered
    else this.#send(numbered)
    return numbered.number
  }

  #send(order: LayoutOrder): void {
    this.#isBusy = true
    this.#worker.postMessage(order)
  }
}

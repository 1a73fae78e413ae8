import { type LogLevel, logLevels } from "#core/view/log/logLevel"
import type { LogLines } from "#core/view/log/logLines"
import type { LogRows } from "#core/view/log/logRows"
import { element } from "../shared/element.ts"

const width = 12
const pauseMs = 250

/** Beside the scroll bar: where in all of the log errors, warnings and matches are. */
export class Ruler {
  readonly element = element("canvas", { class: "ruler", "aria-hidden": "true" })
  readonly #goTo: (row: number) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #count = 0

  /** `goTo`: a row that a person pointed at. */
  constructor(goTo: (row: number) => void) {
    this.#goTo = goTo
    this.element.addEventListener("click", ({ offsetY }) => {
      const row = Math.floor((offsetY / Math.max(1, this.element.clientHeight)) * this.#count)
      this.#goTo(Math.max(0, Math.min(this.#count - 1, row)))
    })
  }

  /** Looks through all lines, of which there may be a million: a few times a second at most. */
  drawSoon(now: () => { readonly lines: LogLines; readonly rows: LogRows }): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const { lines, rows } = now()
      this.#draw(lines, rows)
    }, pauseMs)
  }

  #draw(lines: LogLines, rows: LogRows): void {
    const canvas = this.element
    const { clientHeight: height } = canvas
    this.#count = rows.count
    canvas.width = width * devicePixelRatio
    canvas.height = Math.max(1, height * devicePixelRatio)
    const context = canvas.getContext("2d")
    if (context === null || rows.count === 0) return
    context.scale(devicePixelRatio, devicePixelRatio)
    // Marks of one kind that fall on the same pixel are one.
    const marks = kinds.map(() => new Uint8Array(Math.ceil(height) + 1))
    for (let place = 0; place < lines.count; place++) {
      const level = lines.level(place)
      const isFound = rows.isMatch(place)
      if (!isFound && level !== logLevels.error && level !== logLevels.warning) continue
      if (rows.isHidden(place)) continue
      const y = Math.floor((rows.rowOf(place) / rows.count) * height)
      kinds.forEach(({ level: wanted }, kind) => {
        const mark = marks[kind]
        if (mark && (wanted === undefined ? isFound : wanted === level)) mark[y] = 1
      })
    }
    const style = getComputedStyle(canvas)
    kinds.forEach(({ color, from, to }, kind) => {
      context.fillStyle = style.getPropertyValue(`--mark-${color}`)
      marks[kind]?.forEach((isMarked, y) => {
        if (isMarked === 1) context.fillRect(from, Math.min(y, height - 3), to - from, 3)
      })
    })
  }
}

/** Each has a lane of its own, so that it is told by where it is and not by its colour alone. */
const kinds: readonly {
  readonly color: string
  readonly level: LogLevel | undefined
  readonly from: number
  readonly to: number
}[] = [
  { color: "match", level: undefined, from: 0, to: 4 },
  { color: "warning", level: logLevels.warning, from: 4, to: 8 },
  { color: "error", level: logLevels.error, from: 6, to: 12 },
]

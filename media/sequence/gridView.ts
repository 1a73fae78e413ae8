import { lengthText } from "#core/view/length"
import { type Cell, cellsOf, medianWork, reasonGroups, timeLeft } from "#core/view/sequence/grid"
import { figuresOf, type SequenceRow } from "#core/view/sequence/row"
import type { Done } from "#core/view/sequence/totals"
import { drawPhase } from "../shared/drawPhase.ts"
import { element, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import type { Theme } from "../shared/theme.ts"
import { visibleText } from "../shared/visibleText.ts"
import { t } from "../shared/words.ts"
import { mix } from "./paint.ts"
import { nameOf } from "./sequenceWords.ts"

export interface GridState {
  readonly rows: readonly SequenceRow[]
  readonly now: number
  readonly selected: string | undefined
  readonly theme: Theme
  readonly done: Done
  readonly begin: number | undefined
  readonly isLive: boolean
}

export interface GridListener {
  readonly onChoose: (row: SequenceRow, opens: boolean) => void
  readonly onHover: (row: SequenceRow | undefined, x: number, y: number) => void
}

const perRow = 25

/** A cell for each piece of work in index order, and beside them what failed or waits, and why. */
export class GridView {
  readonly element = element("div", { class: "grid-view" })
  readonly #canvas = element("canvas", { class: "grid-canvas", "aria-hidden": "true" })
  readonly #scroller = element("div", { class: "grid-scroller", tabindex: 0 })
  readonly #side = element("aside", { class: "grid-side" })
  readonly #listener: GridListener
  #state: GridState | undefined
  #cells: readonly Cell[] = []
  #sideKey = ""
  #place = { size: 30, left: 52, columns: perRow }

  constructor(listener: GridListener) {
    this.#listener = listener
    this.#scroller.setAttribute("role", "application")
    this.#scroller.setAttribute("aria-label", t("A cell for each pod"))
    this.#scroller.append(this.#canvas)
    this.element.append(this.#scroller, this.#side)
    const cellAt = (event: MouseEvent) => this.#cellAt(event.offsetX, event.offsetY)
    this.#canvas.addEventListener("click", (event) => {
      const cell = cellAt(event)
      if (cell) listener.onChoose(cell.row, true)
    })
    this.#canvas.addEventListener("mousemove", (event) => {
      listener.onHover(cellAt(event)?.row, event.clientX, event.clientY)
    })
    this.#canvas.addEventListener("mouseleave", () => listener.onHover(undefined, 0, 0))
    this.#scroller.addEventListener("scroll", () => this.#draw())
  }

  get cells(): readonly Cell[] {
    return this.#cells
  }

  get columns(): number {
    return this.#place.columns
  }

  show(state: GridState): void {
    this.#state = state
    this.#cells = cellsOf(state.rows)
    this.#draw()
    this.#fillSide(state)
  }

  #cellAt(x: number, y: number): Cell | undefined {
    const { size, left, columns } = this.#place
    const column = Math.floor((x - left) / size)
    if (column < 0 || column >= columns) return undefined
    const row = Math.floor((y - 8 + this.#scroller.scrollTop) / size)
    return this.#cells[row * columns + column]
  }

  #draw(): void {
    const state = this.#state
    if (state === undefined) return
    const width = this.#scroller.clientWidth
    const height = this.#scroller.clientHeight
    if (width === 0 || height === 0) return
    const count = this.#cells.length
    const left = 52
    const columns = width < 420 ? 10 : perRow
    const fit = Math.floor((width - left - 12) / columns)
    // Smaller where that shows all of them, as long as a cell is still a cell.
    const rowsFit = Math.floor((height - 16) / Math.max(1, Math.ceil(count / columns)))
    const size = Math.max(12, Math.min(fit, 36, Math.max(rowsFit, width < 420 ? 26 : 16)))
    this.#place = { size, left, columns }
    const rows = Math.ceil(count / columns)
    const density = devicePixelRatio
    const canvas = this.#canvas
    const wide = Math.round(width * density)
    const high = Math.round(height * density)
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide
      canvas.height = high
      canvas.style.width = `${width}px`
      canvas.style.height = `${height}px`
    }
    canvas.style.marginBottom = `${Math.max(0, rows * size + 16 - height)}px`
    const context = canvas.getContext("2d", { alpha: false })
    if (context === null) return
    context.setTransform(density, 0, 0, density, 0, 0)
    const { theme } = state
    context.fillStyle = theme.colors.ground
    context.fillRect(0, 0, width, height)
    const top = this.#scroller.scrollTop
    const first = Math.max(0, Math.floor((top - 8) / size))
    const last = Math.min(rows, Math.ceil((top + height) / size))
    const median = medianWork(state.rows)
    for (let row = first; row < last; row++) {
      const y = 8 + row * size - top
      context.font = `11px ${theme.font}`
      context.textAlign = "right"
      context.textBaseline = "middle"
      context.fillStyle = theme.colors.dimText
      context.fillText(String(row * columns), left - 12, y + size / 2)
      for (let column = 0; column < columns; column++) {
        const cell = this.#cells[row * columns + column]
        if (cell === undefined) break
        this.#drawCell(context, state, cell, { x: left + column * size, y, size, median })
      }
    }
  }

  #drawCell(
    context: CanvasRenderingContext2D,
    { theme, now, selected }: GridState,
    { phase, tries, row }: Cell,
    box: {
      readonly x: number
      readonly y: number
      readonly size: number
      readonly median: number | undefined
    },
  ): void {
    const { colors, isHighContrast } = theme
    const gap = box.size >= 20 ? 4 : 2
    const x = box.x + 0.5
    const y = box.y + 0.5
    const side = box.size - gap
    const shape = () => {
      context.beginPath()
      context.roundRect(x, y, side, side, 3)
    }
    context.lineWidth = 1
    context.setLineDash([])
    const outline = (color: string) => {
      context.strokeStyle = isHighContrast ? colors.contrast : color
      shape()
      context.stroke()
    }
    const tint = (color: string, percent: number) => {
      if (isHighContrast) return
      context.fillStyle = mix(color, percent)
      shape()
      context.fill()
    }
    switch (phase) {
      case "succeeded":
        tint(colors.green, 35)
        outline(mix(colors.green, 70))
        break
      case "reused":
        outline(colors.green)
        break
      case "running": {
        const worked = figuresOf(row, now).work
        const share = box.median === undefined ? 0.5 : Math.min(1, worked / Math.max(1, box.median))
        context.save()
        shape()
        context.clip()
        context.fillStyle = isHighContrast ? colors.blue : mix(colors.blue, 55)
        context.fillRect(x, y + side * (1 - share), side, side * share)
        context.restore()
        outline(colors.blue)
        break
      }
      case "failed":
      case "stopped":
        context.fillStyle = phase === "failed" ? colors.red : colors.orange
        shape()
        context.fill()
        outline(phase === "failed" ? colors.red : colors.orange)
        break
      case "queued":
      case "suspended": {
        context.save()
        shape()
        context.clip()
        context.strokeStyle = colors.yellow
        for (let shift = -side; shift < side; shift += 5) {
          context.beginPath()
          context.moveTo(x + shift, y + side)
          context.lineTo(x + shift + side, y)
          context.stroke()
        }
        context.restore()
        outline(colors.yellow)
        break
      }
      default:
        context.setLineDash([2, 2])
        outline(colors.lines)
        context.setLineDash([])
    }
    const middle = { x: x + side / 2, y: y + side / 2 }
    if (phase === "failed") {
      const arm = Math.max(2.5, side / 7)
      context.strokeStyle = colors.ground
      context.lineWidth = 2
      context.beginPath()
      context.moveTo(middle.x - arm, middle.y - arm)
      context.lineTo(middle.x + arm, middle.y + arm)
      context.moveTo(middle.x + arm, middle.y - arm)
      context.lineTo(middle.x - arm, middle.y + arm)
      context.stroke()
    }
    if (phase === "skipped" || phase === "stopped" || phase === "reused") {
      const size = Math.min(14, side - 2)
      const color = phase === "stopped" ? colors.ground : colors.dimText
      drawPhase(context, theme, { phase, ...middle, size, turn: 0, color })
    }
    if (tries > 1 && side >= 16) {
      context.font = `9px ${theme.font}`
      context.textAlign = "right"
      context.textBaseline = "alphabetic"
      context.fillStyle = phase === "failed" ? colors.ground : colors.text
      context.fillText(String(tries), x + side - 2.5, y + side - 3)
    }
    if (row.id === selected && row.item.kind === "pod") {
      context.strokeStyle = isHighContrast ? colors.contrastActive : colors.focus
      context.lineWidth = 2
      context.strokeRect(x - 1.5, y - 1.5, side + 3, side + 3)
    }
  }

  #fillSide(state: GridState): void {
    const { rows, done, begin, now, isLive, theme } = state
    // Of work that was tried again only the last try counts, as its cell does.
    const last = this.#cells.filter(({ nth }) => nth === 0).map(({ row }) => row)
    const failed = reasonGroups(last, ["failed"])
    const waits = reasonGroups(last, ["queued"])
    const running = rows
      .filter(({ phase }) => phase === "running")
      .map((row) => ({ row, length: figuresOf(row, now).total }))
      .sort((a, b) => b.length - a.length)
      .slice(0, 3)
    const left = isLive ? timeLeft(done.done, done.all, begin, now) : undefined
    const key = JSON.stringify([
      theme.kind,
      failed.map(({ sentence, rows }) => [sentence, rows.length]),
      waits.map(({ sentence, rows }) => [sentence, rows.length]),
      running.map(({ row, length }) => [row.id, length]),
      left === undefined ? null : lengthText(left),
    ])
    if (key === this.#sideKey) return
    this.#sideKey = key
    const many = (list: readonly { readonly rows: readonly SequenceRow[] }[]) =>
      list.reduce((sum, { rows }) => sum + rows.length, 0)
    const parts: HTMLElement[] = []
    if (left !== undefined) {
      parts.push(
        element(
          "p",
          { class: "dim" },
          t("About {length} left at this pace", { length: lengthText(left) }),
        ),
      )
    }
    if (failed.length > 0) {
      parts.push(heading(t("Why {count} failed", { count: many(failed) })))
      parts.push(...failed.slice(0, 12).map((group) => this.#group(group, "failed", theme)))
      if (failed.length > 12) parts.push(more(failed.length - 12))
    }
    if (waits.length > 0) {
      parts.push(heading(t("Why {count} wait", { count: many(waits) })))
      parts.push(...waits.slice(0, 12).map((group) => this.#group(group, "queued", theme)))
      if (waits.length > 12) parts.push(more(waits.length - 12))
    }
    if (running.length > 0) {
      parts.push(heading(t("Longest running")))
      for (const { row, length } of running) parts.push(this.#running(row, length))
    }
    this.#side.replaceChildren(...parts)
    this.#side.hidden = parts.length === 0
  }

  #running(row: SequenceRow, length: number): HTMLElement {
    const line = element(
      "button",
      { class: "side-line link" },
      element("span", { class: "cut grow" }, nameOf(row)),
      element("span", {}, lengthText(length)),
    )
    line.addEventListener("click", () => this.#listener.onChoose(row, true))
    return line
  }

  #group(
    { sentence, rows }: { readonly sentence: string; readonly rows: readonly SequenceRow[] },
    phase: "failed" | "queued",
    theme: Theme,
  ): HTMLElement {
    const names = rows.slice(0, 8).map((row) => {
      const { index } = row.item
      const link = element(
        "button",
        { class: "link" },
        index === undefined ? nameOf(row) : String(index),
      )
      link.addEventListener("click", () => this.#listener.onChoose(row, true))
      return link
    })
    const left = rows.length - names.length
    return element(
      "div",
      { class: "side-group" },
      phaseSign(phase, theme, 16),
      element(
        "div",
        { class: "grow" },
        element("div", { class: "side-title" }, sentence),
        element(
          "div",
          { class: "dim" },
          rows.length === 1 ? t("1 pod:") : t("{count} pods:", { count: rows.length }),
          ...names.flatMap((name) => [" ", name]),
          ...(left > 0 ? [t(" and {count} more", { count: left })] : []),
        ),
      ),
    )
  }
}

function heading(text: string): HTMLElement {
  return element("h2", {}, text)
}

function more(count: number): HTMLElement {
  const line = element("p", { class: "dim" })
  setText(line, t("and {count} more reasons", { count }))
  return line
}

/** What a cell says when it is pointed at. */
export function cellTitle(row: SequenceRow): string {
  const { index } = row.item
  return visibleText(index === undefined ? nameOf(row) : t("index {index}", { index }))
}

export function gridLegend(): readonly HTMLElement[] {
  return [
    element("span", {}, t("Fill of a running cell: how long it has worked, against the median")),
    element("span", {}, t("Small 2: second try")),
    element("span", {}, t("F: next failed")),
  ]
}

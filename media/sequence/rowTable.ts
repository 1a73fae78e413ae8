import { lengthText } from "#core/view/length"
import type { SequenceRow } from "#core/view/sequence/row"
import { type ColumnId, columns, lengthColumns, timeColumns } from "#core/view/sequence/table"
import { element, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import type { Theme } from "../shared/theme.ts"
import { clockText, columnTitles, nameOf, phaseWord } from "./sequenceWords.ts"

export interface TableState {
  readonly rows: readonly SequenceRow[]
  readonly columns: readonly ColumnId[]
  readonly now: number
  readonly selected: string | undefined
  readonly sortBy: string
  readonly isDescending: boolean
  readonly theme: Theme
  /** One line a pod, without a head. */
  readonly isList: boolean
}

export interface TableListener {
  readonly onSort: (column: ColumnId) => void
  readonly onChoose: (row: SequenceRow, opens: boolean) => void
}

const rowHeight = 24

/** Rows as a table. Only those in sight are elements, but all of them are counted and reached. */
export class RowTable {
  readonly element: HTMLElement
  readonly #body: HTMLElement
  readonly #head: HTMLElement
  readonly #spacer: HTMLElement
  readonly #listener: TableListener
  #state: TableState | undefined
  #headKey = ""

  constructor(label: string, listener: TableListener) {
    this.#listener = listener
    this.#head = element("div", { role: "row", class: "table-row table-head" })
    this.#body = element("div", { class: "table-body", role: "rowgroup" })
    this.#spacer = element("div", { class: "table-spacer", role: "presentation" })
    this.#spacer.append(this.#body)
    this.element = element("div", {
      class: "row-table",
      role: "grid",
      tabindex: 0,
      "aria-label": label,
    })
    this.element.append(this.#head, this.#spacer)
    this.element.addEventListener("scroll", () => this.#fill())
    this.#body.addEventListener("click", (event) => {
      const row = this.#rowOf(event.target)
      if (row) this.#listener.onChoose(row, true)
    })
    this.#head.addEventListener("click", (event) => {
      const cell = event.target instanceof Element ? event.target.closest("[data-column]") : null
      const id = cell?.getAttribute("data-column")
      if (id) this.#listener.onSort(id as ColumnId)
    })
  }

  show(state: TableState): void {
    this.#state = state
    const { rows, isList } = state
    this.element.classList.toggle("is-list", isList)
    this.element.setAttribute("aria-rowcount", String(rows.length + 1))
    this.#spacer.style.height = `${rows.length * rowHeight}px`
    this.#fillHead(state)
    this.#fill()
  }

  /** Brings a row into sight. */
  reveal(id: string): void {
    const index = this.#state?.rows.findIndex((row) => row.id === id) ?? -1
    if (index < 0) return
    const top = index * rowHeight
    const { scrollTop, clientHeight } = this.element
    const room = clientHeight - this.#head.offsetHeight
    if (top < scrollTop) this.element.scrollTop = top
    else if (top + rowHeight > scrollTop + room) this.element.scrollTop = top + rowHeight - room
  }

  #rowOf(target: EventTarget | null): SequenceRow | undefined {
    const id =
      target instanceof Element ? target.closest("[data-row]")?.getAttribute("data-row") : null
    return id === null ? undefined : this.#state?.rows[Number(id)]
  }

  #fillHead({ columns: shown, sortBy, isDescending }: TableState): void {
    const key = JSON.stringify([shown, sortBy, isDescending])
    if (key === this.#headKey) return
    this.#headKey = key
    const titles = columnTitles()
    this.#head.replaceChildren(
      ...shown.map((id) => {
        const isSorted = sortBy === id
        const cell = element("div", {
          role: "columnheader",
          class: `table-cell column-${id}${columns[id].isNumber ? " is-number" : ""}`,
          "data-column": id,
          "aria-sort": isSorted ? (isDescending ? "descending" : "ascending") : undefined,
        })
        const sign = isSorted ? (isDescending ? " ↓" : " ↑") : ""
        cell.append(element("button", { class: "link head-button" }, `${titles[id]}${sign}`))
        return cell
      }),
    )
  }

  #fill(): void {
    const state = this.#state
    if (state === undefined) return
    const { scrollTop, clientHeight } = this.element
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 4)
    // Beside the picture it has no height of its own, and is read all the same.
    const count = Math.min(120, Math.max(40, Math.ceil(clientHeight / rowHeight) + 8))
    const rows = state.rows.slice(first, first + count)
    this.#body.style.top = `${first * rowHeight}px`
    while (this.#body.children.length > rows.length) this.#body.lastElementChild?.remove()
    for (const [index, row] of rows.entries()) {
      const there = this.#body.children[index]
      const line = there instanceof HTMLElement ? there : this.#addLine()
      this.#fillLine(line, row, first + index, state)
    }
  }

  #addLine(): HTMLElement {
    const line = element("div", { role: "row", class: "table-row" })
    this.#body.append(line)
    return line
  }

  #fillLine(line: HTMLElement, row: SequenceRow, index: number, state: TableState): void {
    const { columns: shown, now, selected, theme } = state
    line.dataset.row = String(index)
    line.id = `${this.element.id}-${index}`
    line.className = `table-row phase-${row.phase}`
    line.setAttribute("aria-rowindex", String(index + 2))
    line.setAttribute("aria-selected", String(row.id === selected))
    while (line.children.length > shown.length) line.lastElementChild?.remove()
    for (const [place, id] of shown.entries()) {
      const there = line.children[place]
      const cell = there instanceof HTMLElement ? there : element("div", { role: "gridcell" })
      if (there === undefined) line.append(cell)
      const wanted = `table-cell column-${id}${columns[id].isNumber ? " is-number" : ""}`
      if (cell.className !== wanted) cell.className = wanted
      const text = cellText(row, id, now)
      if (id === "phase" || (id === "name" && state.isList)) {
        const key = `${row.phase} ${theme.kind} ${text}`
        if (cell.dataset.key !== key) {
          cell.dataset.key = key
          cell.replaceChildren(
            phaseSign(row.phase, theme, 14),
            element("span", { class: "cut" }, text),
          )
        }
      } else {
        delete cell.dataset.key
        setText(cell, text)
      }
      if (id === "name" || id === "reason") cell.title = cell.textContent ?? ""
    }
    if (row.id === selected) this.element.setAttribute("aria-activedescendant", line.id)
  }
}

function cellText(row: SequenceRow, id: ColumnId, now: number): string {
  if (id === "name") return nameOf(row)
  if (id === "phase") return phaseWord(row)
  const value = columns[id].value(row, now)
  if (value === undefined) return lengthColumns.includes(id) ? "–" : ""
  if (typeof value === "string") return value
  if (lengthColumns.includes(id)) return lengthText(value)
  return timeColumns.includes(id) ? clockText(value) : String(value)
}

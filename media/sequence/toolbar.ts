import { phaseLooks, type ViewPhase } from "#core/view/phase"
import {
  type Arrangement,
  type GroupBy,
  groupByList,
  type RowsBy,
  rowsByList,
  type SortBy,
  sortByList,
} from "#core/view/sequence/rows"
import { codicon, element, setAttributes, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import type { Theme } from "../shared/theme.ts"
import { countText, t } from "../shared/words.ts"
import { type Look, looks } from "./protocol.ts"
import { rowsByWords, sortWords } from "./sequenceWords.ts"

export interface ToolbarState {
  readonly look: Look
  readonly by: Arrangement
  readonly cutsGaps: boolean
  readonly arrows: boolean
  readonly isRun: boolean
  /** How many of each, for the chips. */
  readonly counts: ReadonlyMap<ViewPhase, number>
  readonly theme: Theme
}

export interface ToolbarListener {
  readonly onLook: (look: Look) => void
  readonly onArrange: (by: Partial<Arrangement>) => void
  readonly onCutGaps: () => void
  readonly onArrows: () => void
  readonly onZoom: (factor: number) => void
  readonly onFit: () => void
  readonly onColumns: () => void
  readonly onCsv: (isCopied: boolean) => void
}

/** What a person chooses with; it says what is chosen, and keeps nothing itself. */
export class Toolbar {
  readonly element = element("div", { class: "toolbar", role: "toolbar" })
  readonly #looks = new Map<Look, HTMLButtonElement>()
  readonly #find = element("input", {
    class: "find",
    type: "search",
    placeholder: t("Find"),
    "aria-label": t("Find a row by a part of its name, node or reason"),
  })
  readonly #rows: HTMLSelectElement
  readonly #group: HTMLSelectElement
  readonly #sort: HTMLSelectElement
  readonly #gaps: HTMLButtonElement
  readonly #arrows: HTMLButtonElement
  readonly #timeParts: readonly HTMLElement[]
  readonly #tableParts: readonly HTMLElement[]
  readonly #rowParts: readonly HTMLElement[]
  readonly #chips = element("span", { class: "chips" })
  #chipsKey = ""
  readonly #listener: ToolbarListener

  constructor(listener: ToolbarListener) {
    this.#listener = listener
    const words: Readonly<Record<Look, string>> = {
      sequence: t("Sequence"),
      table: t("Table"),
      list: t("List"),
      grid: t("Grid"),
    }
    const picker = element("span", { class: "look-picker", role: "group", "aria-label": t("View") })
    for (const look of looks) {
      const button = tool(words[look], () => listener.onLook(look))
      this.#looks.set(look, button)
      picker.append(button)
    }
    this.#find.addEventListener("input", () => listener.onArrange({ find: this.#find.value }))
    const rowWords = rowsByWords()
    const groupWords: Readonly<Record<GroupBy, string>> = {
      job: t("Job or task"),
      node: t("Node"),
      phase: t("Phase"),
      none: t("Nothing"),
    }
    this.#rows = choice<RowsBy>(rowsByList, rowWords, (rowsBy) => listener.onArrange({ rowsBy }))
    this.#group = choice<GroupBy>(groupByList, groupWords, (groupBy) =>
      listener.onArrange({ groupBy }),
    )
    this.#sort = choice<SortBy>(sortByList, sortWords(), (sortBy) => listener.onArrange({ sortBy }))
    this.#gaps = tool(t("Cut gaps"), listener.onCutGaps)
    this.#arrows = tool(t("Arrows"), listener.onArrows)
    this.#rowParts = [label(t("Row:"), this.#rows), label(t("Group:"), this.#group)]
    this.#timeParts = [
      label(t("Sort:"), this.#sort),
      this.#gaps,
      this.#arrows,
      icon("zoom-out", t("Zoom out"), () => listener.onZoom(0.5)),
      icon("zoom-in", t("Zoom in"), () => listener.onZoom(2)),
      icon("screen-full", t("Fit all (0)"), listener.onFit),
    ]
    const chooseColumns = tool(t("Columns"), listener.onColumns)
    this.#tableParts = [chooseColumns]
    this.element.append(
      picker,
      element("span", { class: "divider" }),
      this.#find,
      this.#chips,
      ...this.#rowParts,
      ...this.#timeParts,
      ...this.#tableParts,
      element("span", { class: "grow" }),
      icon("copy", t("Copy as CSV"), () => listener.onCsv(true)),
      icon("save", t("Save as CSV"), () => listener.onCsv(false)),
    )
  }

  focusFind(): void {
    this.#find.focus()
    this.#find.select()
  }

  show({ look, by, cutsGaps, arrows, isRun, counts, theme }: ToolbarState): void {
    for (const [name, button] of this.#looks) press(button, name === look)
    if (this.#find.value !== by.find) this.#find.value = by.find
    this.#rows.value = by.rowsBy
    this.#group.value = by.groupBy
    this.#sort.value = by.sortBy
    press(this.#gaps, cutsGaps)
    press(this.#arrows, arrows)
    for (const part of this.#timeParts) part.hidden = look !== "sequence"
    for (const part of this.#rowParts) part.hidden = look === "grid"
    for (const part of this.#tableParts) part.hidden = look !== "table"
    if (!isRun) this.#arrows.hidden = true
    this.#showChips(look, by, counts, theme)
  }

  #showChips(
    look: Look,
    by: Arrangement,
    counts: ReadonlyMap<ViewPhase, number>,
    theme: Theme,
  ): void {
    const shown = [...counts].filter(([phase, count]) => count > 0 || by.phases.includes(phase))
    const isUseful = look === "grid" || by.phases.length > 0
    this.#chips.hidden = !isUseful
    const key = JSON.stringify([shown, by.phases, theme.kind, theme.colors.green])
    if (key === this.#chipsKey) return
    this.#chipsKey = key
    const chips = shown.map(([phase, count]) => {
      const chip = element(
        "button",
        { class: "chip", "data-phase": phase },
        phaseSign(phase, theme, 14),
        element("span", { class: "chip-word" }, t(phaseLooks[phase].word)),
        element("span", { class: "strong" }, countText(count)),
      )
      press(chip, by.phases.includes(phase))
      chip.addEventListener("click", () => {
        const isOn = by.phases.includes(phase)
        this.#listener.onArrange({
          phases: isOn ? by.phases.filter((one) => one !== phase) : [...by.phases, phase],
        })
      })
      return chip
    })
    const focused = document.activeElement?.getAttribute("data-phase")
    this.#chips.replaceChildren(...chips)
    if (focused) chips.find((chip) => chip.dataset.phase === focused)?.focus()
  }
}

function press(button: HTMLElement, isPressed: boolean): void {
  setAttributes(button, { "aria-pressed": isPressed ? "true" : "false" })
}

function tool(text: string, onClick: () => void): HTMLButtonElement {
  const button = element("button", { class: "tool", type: "button" })
  setText(button, text)
  button.addEventListener("click", onClick)
  return button
}

function icon(name: string, title: string, onClick: () => void): HTMLButtonElement {
  const button = element(
    "button",
    { class: "tool", type: "button", title, "aria-label": title },
    codicon(name),
  )
  button.addEventListener("click", onClick)
  return button
}

function label(text: string, control: HTMLElement): HTMLElement {
  return element("label", {}, element("span", { class: "label-word" }, text), control)
}

function choice<Name extends string>(
  names: readonly Name[],
  words: Readonly<Record<Name, string>>,
  onChoose: (name: Name) => void,
): HTMLSelectElement {
  const select = element(
    "select",
    {},
    ...names.map((name) => element("option", { value: name }, words[name])),
  )
  select.addEventListener("change", () => {
    const name = names.find((one) => one === select.value)
    if (name) onChoose(name)
  })
  return select
}

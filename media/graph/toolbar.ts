import "@vscode-elements/elements/dist/vscode-textfield/index.js"
import type { Direction } from "#core/graph/layout"
import type { ViewPhase, viewPhases } from "#core/view/phase"
import { codicon, element, setAttributes, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import type { Theme } from "../shared/theme.ts"
import { countText, t } from "../shared/words.ts"
import { word } from "./saying.ts"

export interface ToolbarActs {
  find(text: string): void
  findNext(isBack: boolean): void
  toggle(phase: ViewPhase): void
  turn(): void
  foldAll(): void
  zoom(factor: number): void
  fit(): void
  exportAs(format: ExportFormat): void
  leave(): void
}

export type ExportFormat = "svg" | "png" | "mermaid"

/** Find, filter by phase, direction, fold, zoom, export. */
export class Toolbar {
  readonly element = element("div", { class: "toolbar", role: "toolbar", "aria-label": t("Graph") })
  readonly #find = element("vscode-textfield", {
    placeholder: t("Find task or step"),
    label: t("Find task or step"),
  })
  readonly #found = element("span", { class: "dim", role: "status" })
  readonly #chips = element("span", {
    class: "chips",
    role: "group",
    "aria-label": t("Filter by phase"),
  })
  readonly #turn: Tool
  readonly #fold: Tool
  readonly #zoom = element("span", { class: "zoom dim" })
  readonly #acts: ToolbarActs
  #drawn = ""

  constructor(acts: ToolbarActs) {
    this.#acts = acts
    this.#find.addEventListener("input", () => acts.find(this.#find.value))
    this.#find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") acts.findNext(event.shiftKey)
      else if (event.key === "Escape") {
        this.#find.value = ""
        acts.find("")
        acts.leave()
      } else return
      event.preventDefault()
      event.stopPropagation()
    })
    this.#turn = tool("arrow-right", t("Left to right"), acts.turn)
    this.#fold = tool("fold", t("Fold all"), acts.foldAll)
    const menu = exportMenu(acts)
    this.element.append(
      this.#find,
      this.#found,
      this.#chips,
      element(
        "span",
        { class: "tools" },
        this.#turn.button,
        this.#fold.button,
        divider(),
        tool("zoom-out", t("Zoom out"), () => acts.zoom(1 / 1.25), true).button,
        this.#zoom,
        tool("zoom-in", t("Zoom in"), () => acts.zoom(1.25), true).button,
        tool("screen-full", t("Zoom to fit"), acts.fit, true).button,
        divider(),
        menu,
      ),
    )
  }

  focusFind(): void {
    this.#find.focus()
  }

  showFound(text: string): void {
    setText(this.#found, text)
  }

  showZoom(scale: number): void {
    const percent = scale * 100
    setText(this.#zoom, `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`)
  }

  showDirection(direction: Direction): void {
    const isRight = direction === "right"
    this.#turn.say(
      isRight ? "arrow-right" : "arrow-down",
      isRight ? t("Left to right") : t("Top down"),
    )
  }

  showFold(canFold: boolean, isAnyUnfolded: boolean): void {
    this.#fold.button.hidden = !canFold
    this.#fold.say(
      isAnyUnfolded ? "fold" : "unfold",
      isAnyUnfolded ? t("Fold all") : t("Unfold all"),
    )
  }

  showChips(
    counts: Readonly<Partial<Record<ViewPhase, number>>>,
    chosen: ReadonlySet<ViewPhase>,
    theme: Theme,
  ): void {
    const drawn = JSON.stringify([counts, [...chosen], theme.kind])
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    const shown = chipOrder.filter((phase) => (counts[phase] ?? 0) > 0 || chosen.has(phase))
    const known = new Map(
      [...this.#chips.children].map((chip) => [(chip as HTMLElement).dataset.phase, chip]),
    )
    // Chips stay the same elements, so that focus survives a change of their numbers.
    this.#chips.replaceChildren(
      ...shown.map((phase) => {
        const chip = known.get(phase) ?? this.#chip(phase)
        const count = counts[phase] ?? 0
        const name = `${word(phase)} ${countText(count)}`
        const isPressed = chosen.has(phase)
        setAttributes(chip, { "aria-pressed": String(isPressed), "aria-label": name, title: name })
        chip.replaceChildren(
          phaseSign(phase, theme, 14),
          element("span", { class: "label" }, word(phase)),
          element("b", {}, countText(count)),
        )
        return chip
      }),
    )
  }

  #chip(phase: ViewPhase): HTMLButtonElement {
    const chip = element("button", { class: "chip", type: "button", "data-phase": phase })
    chip.addEventListener("click", () => this.#acts.toggle(phase))
    return chip
  }
}

const chipOrder = [
  "succeeded",
  "running",
  "queued",
  "failed",
  "waiting",
  "not-started",
  "skipped",
  "reused",
  "stopped",
  "suspended",
  "unknown",
] as const satisfies readonly (typeof viewPhases)[number][]

interface Tool {
  readonly button: HTMLButtonElement
  say(icon: string, label: string): void
}

function tool(icon: string, label: string, act: () => void, isIconOnly = false): Tool {
  const button = element("button", { class: "tool", type: "button" })
  let drawn = ""
  const say = (icon: string, label: string) => {
    if (drawn === icon + label) return
    drawn = icon + label
    setAttributes(button, { "aria-label": label, title: label })
    button.replaceChildren(
      codicon(icon),
      ...(isIconOnly ? [] : [element("span", { class: "label" }, label)]),
    )
  }
  say(icon, label)
  button.addEventListener("click", act)
  return { button, say }
}

function divider(): HTMLElement {
  return element("span", { class: "divider" })
}

function exportMenu(acts: ToolbarActs): HTMLElement {
  const menu = element("div", { class: "menu", role: "menu", hidden: true })
  const opener = tool("export", t("Export"), () => toggle(menu.hidden !== false), true).button
  setAttributes(opener, { "aria-haspopup": "menu", "aria-expanded": "false" })
  const toggle = (isOpen: boolean) => {
    menu.hidden = !isOpen
    setAttributes(opener, { "aria-expanded": isOpen ? "true" : "false" })
    if (isOpen) (menu.firstElementChild as HTMLElement | null)?.focus()
  }
  for (const [format, label] of [
    ["svg", t("Export as SVG")],
    ["png", t("Export as PNG")],
    ["mermaid", t("Export as Mermaid")],
  ] as const) {
    const item = element("button", { type: "button", role: "menuitem" }, label)
    item.addEventListener("click", () => {
      toggle(false)
      opener.focus()
      acts.exportAs(format)
    })
    menu.append(item)
  }
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children] as HTMLElement[]
    const at = items.indexOf(document.activeElement as HTMLElement)
    if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus()
    else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length]?.focus()
    else if (event.key === "Escape") {
      toggle(false)
      opener.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  })
  const holder = element("span", {}, opener, menu)
  holder.style.position = "relative"
  holder.addEventListener("focusout", (event) => {
    if (!holder.contains(event.relatedTarget as Node | null)) toggle(false)
  })
  return holder
}

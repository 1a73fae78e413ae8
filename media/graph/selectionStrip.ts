import { element, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import type { Theme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import type { Choice } from "./canvas.ts"
import { type Model, phaseOf } from "./model.ts"
import { selectionLine } from "./saying.ts"

type Open = "source" | "log" | "step"

/** Below the picture: how the chosen task stands, in a sentence, and where to go from it. */
export class SelectionStrip {
  readonly element = element("footer", { class: "selection", hidden: true })
  readonly #sign = element("span")
  readonly #name = element("span", { class: "strong" })
  readonly #what = element("span", { class: "what", role: "status" })
  readonly #source: HTMLButtonElement
  readonly #log: HTMLButtonElement
  readonly #step: HTMLButtonElement
  #drawn = ""

  constructor(open: (what: Open) => void) {
    const link = (what: Open, label: string) => {
      const button = element("button", { class: "link", type: "button" }, label)
      button.addEventListener("click", () => open(what))
      return button
    }
    this.#source = link("source", "")
    this.#log = link("log", t("Show Log"))
    this.#step = link("step", t("Show Step"))
    this.element.append(this.#sign, this.#name, this.#what, this.#source, this.#log, this.#step)
  }

  show(model: Model, chosen: Choice | undefined, theme: Theme): void {
    const task = chosen && model.picture.tasks[chosen.task]
    // It is there before anything is chosen: the picture must not jump under a double click.
    this.element.hidden = model.picture.tasks.length === 0
    const isChosen = chosen !== undefined && task !== undefined
    for (const part of [this.#sign, this.#name, this.#source, this.#log, this.#step]) {
      part.hidden = !isChosen
    }
    this.#what.classList.toggle("dim", !isChosen)
    if (!isChosen) {
      setText(this.#what, t("Choose a task to see how it stands."))
      return
    }
    const phase = phaseOf(model, chosen.task)
    const drawn = `${phase} ${theme.kind}`
    if (drawn !== this.#drawn) {
      this.#drawn = drawn
      this.#sign.replaceChildren(phaseSign(phase, theme))
    }
    setText(this.#name, task.name)
    setText(this.#what, selectionLine(model, chosen.task, chosen.step, Date.now()))
    const line = model.picture.lines[chosen.task]
    this.#source.hidden = line === undefined
    setText(this.#source, t("Go to Line {line}", { line: (line ?? 0) + 1 }))
    this.#log.hidden = !model.hasRun
    this.#step.hidden = !model.hasRun
  }
}

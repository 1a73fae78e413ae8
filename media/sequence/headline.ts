import { phaseLooks } from "#core/view/phase"
import { element, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import type { Theme } from "../shared/theme.ts"
import { countText, t } from "../shared/words.ts"
import type { SequenceModel } from "./model.ts"

/** Whose pods these are and how it goes, in one line. */
export class Headline {
  readonly element = element("header", { class: "headline" })
  readonly #title = element("h1", { class: "cut" })
  readonly #sign = element("span", { class: "sign" })
  readonly #word = element("span", { class: "word" })
  readonly #facts = element("span", { class: "dim cut" })
  #signKey = ""

  constructor() {
    this.element.append(this.#sign, this.#title, this.#word, this.#facts)
  }

  show({ source, done }: SequenceModel, place: string, theme: Theme): void {
    if (source === undefined) return
    const { view } = source
    setText(this.#title, view.name.slice(0, 300))
    this.element.className = `headline phase-${view.phase}`
    const key = `${view.phase} ${theme.kind} ${theme.colors.text}`
    if (key !== this.#signKey) {
      this.#signKey = key
      this.#sign.replaceChildren(phaseSign(view.phase, theme))
      setText(this.#word, t(phaseLooks[view.phase].word))
    }
    const { failedTries: count } = done
    const amounts = { done: countText(done.done), all: countText(done.all) }
    const all =
      source.kind === "run"
        ? t("{done} of {all} steps done", amounts)
        : t("{done} of {all} pods done", amounts)
    const tries =
      count === 0
        ? ""
        : count === 1
          ? t("1 failed try")
          : t("{count} failed tries", { count: countText(count) })
    setText(this.#facts, [all, tries, place, view.message].filter(Boolean).join(" · "))
    this.#facts.title = this.#facts.textContent ?? ""
  }
}

import { exactLengthText } from "#core/view/length"
import type { SequenceRow } from "#core/view/sequence/row"
import { element, setText } from "../shared/element.ts"
import type { Theme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import { gridLegend } from "./gridView.ts"
import { legendOf } from "./legend.ts"
import type { Look } from "./protocol.ts"

export interface FootState {
  readonly look: Look
  readonly rows: readonly SequenceRow[]
  /** Counts up when rows stand at other places. */
  readonly version: number
  readonly theme: Theme
  /** Milliseconds between two lines of the axis; undefined where there is no room to say it. */
  readonly step: number | undefined
  readonly isLive: boolean
  readonly isFollowing: boolean
}

/** The signs that are in the picture, its scale, and whether it follows what happens. */
export class Foot {
  readonly element = element("footer", { class: "foot" })
  readonly #legend = element("span", { class: "legend" })
  readonly #scale = element("span", {})
  readonly #follow = element("button", { class: "tool", type: "button" })
  #key = ""

  constructor(onFollow: () => void) {
    const grow = element("span", { class: "grow" })
    this.element.append(this.#legend, grow, this.#scale, this.#follow)
    this.#follow.addEventListener("click", onFollow)
  }

  show({ look, rows, version, theme, step, isLive, isFollowing }: FootState): void {
    const key = `${look} ${version} ${theme.kind} ${theme.colors.green}`
    if (key !== this.#key) {
      this.#key = key
      const signs =
        look === "sequence" ? legendOf(rows, theme) : look === "grid" ? gridLegend() : []
      this.#legend.replaceChildren(...signs)
    }
    this.#scale.hidden = step === undefined
    if (step !== undefined) {
      const length = exactLengthText(step)
      setText(this.#scale, t("One scale: {length} between lines", { length }))
    }
    this.#follow.hidden = !isLive
    setText(this.#follow, isFollowing ? t("Live") : t("Follow"))
    this.#follow.disabled = isFollowing
  }
}

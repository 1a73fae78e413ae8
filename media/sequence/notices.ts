import { element, setText } from "../shared/element.ts"
import { t } from "../shared/words.ts"
import type { Stale } from "./protocol.ts"
import { clockText } from "./sequenceWords.ts"

export interface NoticeState {
  readonly stale: Stale | null
  readonly trouble: string | undefined
  readonly isLoading: boolean
  readonly isEmpty: boolean
}

/** What stands in place of the picture, or above it: that it is read, empty, old or refused. */
export class Notices {
  readonly #banner = element("div", { class: "banner", role: "status", hidden: true })
  readonly #loading = element("div", { class: "loading-line", hidden: true })
  readonly #sentence = element("p", { class: "state", role: "status", hidden: true })
  readonly elements: readonly HTMLElement[] = [this.#banner, this.#loading, this.#sentence]
  readonly #openedAt = Date.now()

  show({ stale, trouble, isLoading, isEmpty }: NoticeState): void {
    const age = Date.now() - this.#openedAt
    this.#loading.hidden = !isLoading || age < 300
    const waits = isLoading && age >= 2000 ? t("Reading pods…") : undefined
    const sentence = trouble ?? waits ?? (isEmpty ? t("Nothing has run yet.") : undefined)
    this.#sentence.hidden = sentence === undefined
    this.#sentence.classList.toggle("trouble", trouble !== undefined)
    if (sentence !== undefined) setText(this.#sentence, sentence)
    this.#banner.hidden = stale === null
    if (stale === null) return
    setText(
      this.#banner,
      t("Not connected since {time}; what is shown may be out of date. {message}", {
        time: clockText(stale.since),
        message: stale.message,
      }),
    )
  }
}

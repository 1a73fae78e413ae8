import { type ErrorGroup, errorGroups } from "#core/view/log/errorGroups"
import type { LogLines } from "#core/view/log/logLines"
import { codicon, element } from "../shared/element.ts"
import { countText, t } from "../shared/words.ts"

interface ErrorListActs {
  /** Leads to the first line of it. */
  readonly goTo: (place: number) => void
  /** Leaves only its lines. */
  readonly only: (pattern: string) => void
}

const mostShown = 200

/** The errors of all steps that are shown, those that say the same as one. */
export class ErrorList {
  readonly element = element("section", {
    class: "errorlist",
    "aria-label": t("Errors, those that say the same as one"),
    hidden: true,
  })
  readonly #acts: ErrorListActs
  #shown = ""
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(acts: ErrorListActs) {
    this.#acts = acts
  }

  get isOpen(): boolean {
    return !this.element.hidden
  }

  open(isOpen: boolean, lines: LogLines, hidden: ReadonlySet<string>): void {
    this.element.hidden = !isOpen
    if (isOpen) this.#show(errorGroups(lines, (name) => hidden.has(name)))
  }

  /** Lines came: looked through a few times a second at most, since there may be a million. */
  follow(lines: () => LogLines, hidden: ReadonlySet<string>): void {
    if (!this.isOpen) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.isOpen) this.#show(errorGroups(lines(), (name) => hidden.has(name)))
    }, 500)
  }

  #show(groups: readonly ErrorGroup[]): void {
    const said = JSON.stringify(groups.slice(0, mostShown))
    if (said === this.#shown) return
    this.#shown = said
    const rows = groups.slice(0, mostShown).map((group) => this.#rowOf(group))
    const more = groups.length - rows.length
    const note =
      groups.length === 0
        ? t("No error was printed so far.")
        : more > 0
          ? t("{count} more kinds of errors are not listed.", { count: more })
          : ""
    this.element.replaceChildren(
      ...rows,
      ...(note === "" ? [] : [element("p", { class: "dim" }, note)]),
    )
  }

  #rowOf({ text, pattern, lines, steps, place }: ErrorGroup): HTMLElement {
    const go = element("button", { class: "said", title: text })
    go.append(codicon("error"), element("span", { class: "cut mono" }, text))
    go.addEventListener("click", () => this.#acts.goTo(place))
    const [first = "", ...others] = steps
    const whose =
      others.length === 0 ? first : t("{count} steps", { count: countText(steps.length) })
    const names = steps.slice(0, 30).join(", ")
    const only = element("button", { class: "link" }, t("Show Only These"))
    only.addEventListener("click", () => this.#acts.only(pattern))
    return element(
      "div",
      { class: "group" },
      go,
      element("span", { class: "dim", title: names }, whose),
      element(
        "span",
        { class: "dim" },
        lines === 1 ? t("once") : t("{count} times", { count: countText(lines) }),
      ),
      only,
    )
  }
}

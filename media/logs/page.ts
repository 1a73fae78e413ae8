import { logLevels } from "#core/view/log/logLevel"
import { LogLines } from "#core/view/log/logLines"
import { LogRows } from "#core/view/log/logRows"
import { cutName } from "../shared/cutName.ts"
import { codicon, element, setText } from "../shared/element.ts"
import type { Host } from "../shared/host.ts"
import { onThemeChange } from "../shared/theme.ts"
import { countText, t } from "../shared/words.ts"
import { ErrorList } from "./errorList.ts"
import { readable } from "./lineText.ts"
import type { LogsToPage } from "./protocol.ts"
import { type RowSetting, rowView, timeText } from "./rowView.ts"
import { Ruler } from "./ruler.ts"
import { Scroller } from "./scroller.ts"
import { shapeOf } from "./sources.ts"

/** So many steps have a button of their own. */
const mostChips = 8

/** The page of what steps print: one log, live, searched and folded as a person likes. */
export class LogsPage {
  readonly #host: Host<"logs">
  readonly #banner = element("div", { class: "banner", role: "status", hidden: true })
  readonly #bar = element("div", { class: "toolbar", role: "toolbar", "aria-label": t("Log") })
  readonly #chips = element("span", { class: "chips" })
  readonly #find = element("input", {
    class: "find",
    type: "text",
    spellcheck: "false",
    placeholder: t("Find, as a regular expression"),
    "aria-label": t("Find, as a regular expression"),
  })
  readonly #moreSteps = element("button", { class: "link" })
  readonly #nothing = element("p", { class: "state", role: "status", hidden: true })
  readonly #foot = element("footer", { class: "foot" })
  readonly #count = element("span", { role: "status" })
  readonly #kept = element("span", { class: "cut" })
  readonly #follow = element("button", { class: "link" })
  readonly #errors = element("button", {
    class: "tool",
    "aria-pressed": "false",
    title: t("List Errors, Those That Say the Same as One (E)"),
  })
  readonly #errorList = new ErrorList({
    goTo: (place) => {
      this.#current = place
      this.#showPlace(place)
    },
    only: (pattern) => this.#showOnly(pattern),
  })
  readonly #scroller: Scroller
  readonly #ruler = new Ruler((row) => this.#scroller.reveal(row))
  #lines = new LogLines()
  #rows: LogRows
  #names: string[] = []
  readonly #known = new Set<string>()
  #errorPlaces = 0
  #hidden = new Set<string>()
  #opened = new Set<number>()
  #expanded = new Set<number>()
  #current: number | undefined
  #hasCase = false
  #isFolded = false
  #hasTimes = true
  #wraps = false
  #pattern: RegExp | undefined
  #isLive = false
  #nothingSaid: string | null = null
  #trouble: string | undefined
  #isStale = false
  #isAsked = false
  #mustRebuild = true
  #countedTo = 0
  /** Rows in sight, by all that they show. */
  #drawn: ReadonlyMap<string, HTMLElement> = new Map()
  /** How often lines came to have other places. */
  #rebuilt = 0

  constructor(host: Host<"logs">) {
    this.#host = host
    this.#scroller = new Scroller(
      (first, last) => this.#draw(first, last),
      () => this.#showFollow(),
    )
    this.#rows = this.#makeRows()
    this.#readKept(host.kept)
  }

  start(): void {
    this.#fillBar()
    this.#follow.addEventListener("click", () => this.#scroller.follow(!this.#scroller.isFollowing))
    this.#foot.append(this.#count, this.#kept, element("span", { class: "grow" }), this.#follow)
    this.#foot.append(element("span", { class: "dim" }, t("times in your clock")))
    const main = element(
      "main",
      { class: "log" },
      this.#scroller.element,
      this.#ruler.element,
      this.#nothing,
    )
    document.body.append(this.#banner, this.#bar, this.#errorList.element, main, this.#foot)
    document.addEventListener("keydown", (event) => this.#key(event))
    this.#scroller.wraps = this.#wraps
    new ResizeObserver(() => this.#drawRuler()).observe(main)
    onThemeChange(() => this.#drawRuler())
    this.#host.listen((message) => this.#take(message))
    this.#update()
  }

  #take(message: LogsToPage): void {
    switch (message.kind) {
      case "clear":
        this.#lines = new LogLines()
        this.#names = []
        this.#known.clear()
        this.#errorPlaces = 0
        this.#mustRebuild = true
        this.#chips.replaceChildren()
        break
      case "text":
        this.#takeText(message)
        break
      case "kept":
        setText(
          this.#kept,
          t("{step}: kept copy of {time}, the pod is gone", {
            step: message.step,
            time: timeText(message.at).slice(0, 5),
          }),
        )
        break
      case "state":
        this.#isLive = message.isLive
        this.#nothingSaid = message.nothing
        break
      case "place":
        this.#isStale = message.stale !== null
        if (message.stale !== null) {
          const { since, message: why } = message.stale
          const places = { time: timeText(since).slice(0, 8), message: why }
          setText(
            this.#banner,
            t("Not connected since {time}; what is shown may be out of date. {message}", places),
          )
        }
        break
      case "trouble":
        this.#trouble = message.sentence
    }
    this.#updateSoon()
  }

  #takeText({ step, pod, lines, since }: LogsToPage & { readonly kind: "text" }): void {
    const before = this.#lines.count
    // A place before the end means that rows that were made are others now.
    if (this.#lines.add(step, pod, lines, since) < before) {
      this.#mustRebuild = true
      // Folds and lines are known by their places, which are others now.
      this.#opened.clear()
      this.#expanded.clear()
      this.#current = undefined
    }
    if (this.#known.has(step)) return
    this.#known.add(step)
    this.#names.push(step)
    if (this.#names.length <= mostChips) {
      this.#chips.append(this.#chipOf(step, this.#names.length - 1))
      return
    }
    // More would fill the panel; those are chosen from a list.
    const count = countText(this.#names.length - mostChips)
    setText(this.#moreSteps, t("and {count} more", { count }))
    this.#chips.append(this.#moreSteps)
  }

  #chipOf(step: string, order: number): HTMLElement {
    const chip = element("button", {
      class: "chip",
      "aria-pressed": String(!this.#hidden.has(step)),
      "aria-label": t('Show or hide "{step}"', { step }),
      title: t('Show or hide "{step}"', { step }),
    })
    chip.append(shapeOf(order), cutName(step))
    chip.addEventListener("click", () => {
      if (!this.#hidden.delete(step)) this.#hidden.add(step)
      chip.setAttribute("aria-pressed", String(!this.#hidden.has(step)))
      this.#rebuild()
    })
    return chip
  }

  #fillBar(): void {
    const choose = this.#tool(t("Choose Steps…"), "list-selection", () =>
      this.#host.post({ kind: "choose" }),
    )
    choose.append(element("span", { class: "wide" }, t("Choose Steps…")))
    this.#moreSteps.addEventListener("click", () => this.#host.post({ kind: "choose" }))
    let timer = 0
    this.#find.addEventListener("input", () => {
      clearTimeout(timer)
      timer = setTimeout(() => this.#search(), 150)
    })
    this.#find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#goToMatch(event.shiftKey ? -1 : 1)
      if (event.key === "Escape") this.#scroller.element.focus()
    })
    const fold = this.#toggle(t("Fold the Rest"), "filter", this.#isFolded, (isOn) => {
      this.#isFolded = isOn
      this.#rebuild()
    })
    fold.append(element("span", { class: "wide" }, t("Fold the Rest")))
    this.#bar.append(
      this.#chips,
      choose,
      element("span", { class: "divider" }),
      this.#find,
      this.#toggle(t("Match Case"), "case-sensitive", this.#hasCase, (isOn) => {
        this.#hasCase = isOn
        this.#search()
      }),
      fold,
      element("span", { class: "grow" }),
      this.#tool(t("Previous Error (Shift+F4)"), "arrow-up", () => this.#goToError(-1)),
      this.#errors,
      this.#tool(t("Next Error (F4)"), "arrow-down", () => this.#goToError(1)),
      element("span", { class: "divider" }),
      this.#toggle(
        t("Times (T)"),
        "watch",
        this.#hasTimes,
        (isOn) => {
          this.#hasTimes = isOn
          this.#scroller.refresh()
        },
        "times",
      ),
      this.#toggle(
        t("Wrap Lines (W)"),
        "word-wrap",
        this.#wraps,
        (isOn) => {
          this.#wraps = isOn
          this.#scroller.wraps = isOn
        },
        "wrap",
      ),
      this.#tool(t("Save What Is Shown… (Ctrl+S)"), "save", () => this.#save(this.#shownLines())),
      this.#tool(t("Save All… (Ctrl+Shift+S)"), "save-all", () => this.#save(this.#allLines())),
    )
    this.#errors.addEventListener("click", () => {
      const isOpen = !this.#errorList.isOpen
      this.#errors.setAttribute("aria-pressed", String(isOpen))
      this.#errorList.open(isOpen, this.#lines, this.#hidden)
    })
  }

  #tool(name: string, icon: string, act: () => void): HTMLButtonElement {
    const button = element("button", { class: "tool", title: name, "aria-label": name })
    button.append(codicon(icon))
    button.addEventListener("click", act)
    return button
  }

  #toggle(
    name: string,
    icon: string,
    isOn: boolean,
    set: (isOn: boolean) => void,
    id = icon,
  ): HTMLButtonElement {
    const button = this.#tool(name, icon, () => {
      const next = button.getAttribute("aria-pressed") !== "true"
      button.setAttribute("aria-pressed", String(next))
      set(next)
      this.#keep()
    })
    button.setAttribute("aria-pressed", String(isOn))
    button.dataset.toggle = id
    return button
  }

  #search(): void {
    const { value } = this.#find
    try {
      this.#pattern = value === "" ? undefined : new RegExp(value, this.#hasCase ? "" : "i")
      this.#find.removeAttribute("aria-invalid")
      this.#find.title = ""
    } catch (error) {
      this.#find.setAttribute("aria-invalid", "true")
      this.#find.title = error instanceof Error ? error.message : String(error)
      return
    }
    this.#opened.clear()
    this.#keep()
    this.#rebuild()
  }

  #makeRows(): LogRows {
    const pattern = this.#pattern
    return new LogRows(this.#lines, {
      matches: pattern && ((text) => pattern.test(readable(text))),
      foldsRest: this.#isFolded,
      hidden: this.#hidden,
      opened: this.#opened,
    })
  }

  #rebuild(): void {
    this.#mustRebuild = true
    this.#update()
  }

  #updateSoon(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    requestAnimationFrame(() => {
      this.#isAsked = false
      this.#update()
    })
  }

  #update(): void {
    if (this.#mustRebuild) {
      this.#rebuilt++
      this.#rows = this.#makeRows()
      this.#errorPlaces = 0
      this.#countedTo = 0
    } else this.#rows.grow()
    this.#mustRebuild = false
    for (; this.#countedTo < this.#lines.count; this.#countedTo++) {
      if (this.#isError(this.#countedTo)) this.#errorPlaces++
    }
    const { count } = this.#lines
    this.#scroller.count = this.#rows.count
    const said = this.#trouble ?? (count === 0 ? this.#nothingSaid : null)
    this.#nothing.hidden = said === null || count > 0
    if (said !== null) setText(this.#nothing, said)
    this.#banner.hidden = !this.#isStale && !(this.#trouble !== undefined && count > 0)
    if (!this.#isStale && this.#trouble !== undefined) setText(this.#banner, this.#trouble)
    const lines = t("{count} lines", { count: countText(count) })
    const matches = t("{count} match", { count: countText(this.#rows.matches) })
    setText(this.#count, this.#pattern === undefined ? lines : `${lines} · ${matches}`)
    const places = { count: countText(this.#errorPlaces) }
    setText(this.#errors, this.#errorPlaces === 1 ? t("1 error") : t("{count} errors", places))
    this.#errorList.follow(() => this.#lines, this.#hidden)
    this.#drawRuler()
    this.#showFollow()
  }

  #drawRuler(): void {
    this.#ruler.drawSoon(() => ({ lines: this.#lines, rows: this.#rows }))
  }

  #showFollow(): void {
    this.#follow.hidden = !this.#isLive
    const isOn = this.#scroller.isFollowing
    setText(this.#follow, isOn ? t("Following") : t("Follow (End)"))
    this.#follow.setAttribute("aria-pressed", String(isOn))
  }

  #draw(first: number, last: number): readonly HTMLElement[] {
    const setting: RowSetting = {
      lines: this.#lines,
      found: this.#pattern,
      hasTimes: this.#hasTimes,
      names: this.#names,
      expanded: this.#expanded,
      current: this.#current,
      open: (from) => {
        this.#opened.add(from)
        this.#rebuild()
      },
      expand: (place) => {
        this.#expanded.add(place)
        this.#scroller.refresh()
      },
    }
    const look = [this.#pattern, this.#hasTimes, this.#rebuilt].join(" ")
    const made = new Map<string, HTMLElement>()
    for (let row = first; row < last; row++) {
      const one = this.#rows.at(row)
      if (one === undefined) continue
      const isOpen = "place" in one && this.#expanded.has(one.place)
      const isCurrent = "place" in one && this.#current === one.place
      const key = `${look} ${isOpen} ${isCurrent} ${Object.values(one).join(" ")}`
      made.set(key, this.#drawn.get(key) ?? rowView(one, setting))
    }
    this.#drawn = made
    return [...made.values()]
  }

  #isError(place: number): boolean {
    if (this.#lines.level(place) !== logLevels.error) return false
    return !this.#hidden.has(this.#lines.sources[this.#lines.source(place)]?.name ?? "")
  }

  #goToError(by: 1 | -1): void {
    this.#goTo(by, (place) => this.#isError(place))
  }

  #goToMatch(by: 1 | -1): void {
    const pattern = this.#pattern
    if (pattern) this.#goTo(by, (place) => pattern.test(readable(this.#lines.text(place))))
  }

  /** To the next line that fits, and from the last on to the first. */
  #goTo(by: 1 | -1, fits: (place: number) => boolean): void {
    const { count } = this.#lines
    let place = this.#current ?? (by === 1 ? -1 : count)
    for (let step = 0; step < count; step++) {
      place = (place + by + count) % count
      const name = this.#lines.sources[this.#lines.source(place)]?.name ?? ""
      if (this.#hidden.has(name) || !fits(place)) continue
      this.#current = place
      this.#showPlace(place)
      return
    }
  }

  #showPlace(place: number): void {
    const row = this.#rows.rowOf(place)
    const one = this.#rows.at(row)
    if (one !== undefined && (one.kind === "fold" || one.kind === "equal")) {
      this.#opened.add(one.from)
      this.#rebuild()
    }
    this.#scroller.reveal(this.#rows.rowOf(place))
  }

  /** Of equal errors no other line stays in sight. */
  #showOnly(pattern: string): void {
    this.#find.value = pattern
    const fold = this.#bar.querySelector<HTMLButtonElement>('[data-toggle="filter"]')
    if (!this.#isFolded) fold?.click()
    this.#search()
  }

  *#shownLines(): Iterable<number> {
    for (let row = 0; row < this.#rows.count; row++) {
      const one = this.#rows.at(row)
      if (one?.kind === "line") yield one.place
    }
  }

  /** Also of steps that are hidden, and what is folded. */
  *#allLines(): Iterable<number> {
    for (let place = 0; place < this.#lines.count; place++) yield place
  }

  #save(places: Iterable<number>): void {
    const parts: string[] = []
    for (const place of places) {
      const name = this.#lines.sources[this.#lines.source(place)]?.name ?? ""
      const time = this.#lines.time(place)
      const isTimed = this.#lines.sources[this.#lines.source(place)]?.isTimed === true
      const clock = this.#hasTimes && isTimed && time > 0 ? `${new Date(time).toISOString()} ` : ""
      parts.push(`${clock}${name} | ${this.#lines.text(place)}\n`)
    }
    const { run } = this.#host.subject
    this.#host.post({ kind: "save", name: `${run}.log`, content: parts.join("") })
  }

  #key(event: KeyboardEvent): void {
    const isTyping = event.target === this.#find
    const hasControl = event.ctrlKey || event.metaKey
    if (hasControl && event.key === "f") {
      this.#find.focus()
      this.#find.select()
    } else if (hasControl && event.key.toLowerCase() === "s") {
      this.#save(event.shiftKey ? this.#allLines() : this.#shownLines())
    } else if (event.key === "F4") this.#goToError(event.shiftKey ? -1 : 1)
    else if (hasControl || isTyping) return
    else if (event.key === "e") this.#errors.click()
    else if (event.key === "w") this.#press("wrap")
    else if (event.key === "t") this.#press("times")
    else if (event.key === "End") this.#scroller.follow(true)
    else return
    event.preventDefault()
  }

  #press(id: string): void {
    this.#bar.querySelector<HTMLButtonElement>(`[data-toggle="${id}"]`)?.click()
  }

  #keep(): void {
    this.#host.keep({
      find: this.#find.value,
      hasCase: this.#hasCase,
      isFolded: this.#isFolded,
      hasTimes: this.#hasTimes,
      wraps: this.#wraps,
    })
  }

  #readKept(kept: unknown): void {
    if (typeof kept !== "object" || kept === null) return
    const one = kept as Readonly<Record<string, unknown>>
    this.#hasCase = one.hasCase === true
    this.#isFolded = one.isFolded === true
    this.#hasTimes = one.hasTimes !== false
    this.#wraps = one.wraps === true
    if (typeof one.find !== "string" || one.find === "") return
    this.#find.value = one.find
    this.#search()
  }
}

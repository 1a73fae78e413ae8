import { phaseLooks } from "#core/view/phase"
import type { StepDetail } from "#core/view/stepDetail"
import { clockText } from "../shared/clock.ts"
import { codicon, element, setText } from "../shared/element.ts"
import type { Host } from "../shared/host.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import { onThemeChange, readTheme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import { conditionsSection } from "./conditions.ts"
import { eventsSection } from "./events.ts"
import { logSection } from "./logEnd.ts"
import {
  type Draw,
  isOver,
  noModel,
  type StepModel,
  type Tab,
  tabs,
  triesOf,
  withMessage,
} from "./model.ts"
import type { StepAct } from "./protocol.ts"
import { reasonBox } from "./reason.ts"
import { sideSections } from "./side.ts"
import { containersSection, tabCount, tabName, tabsOf, yamlSection } from "./tabs.ts"
import { timesSection } from "./times.ts"

/** The page of one step. Each part is made anew only when what it tells is another. */
export class StepPage {
  readonly #host: Host<"step">
  readonly #banner = element("div", { class: "banner", role: "status", hidden: true })
  readonly #loading = element("div", { class: "loading-line", hidden: true })
  readonly #head = element("header", { class: "headline" })
  readonly #tabs = element("div", { class: "viewtabs", role: "tablist" })
  readonly #body = element("main", { class: "body" })
  readonly #shown = new Map<Element, string>()
  #model: StepModel = noModel
  #theme = readTheme()
  #tab: Tab
  #isAsked = false
  #isLate = false

  constructor(host: Host<"step">) {
    this.#host = host
    const { tab } = (host.kept ?? {}) as { readonly tab?: unknown }
    this.#tab = tabs.find((one) => one === tab) ?? "summary"
  }

  start(): void {
    document.body.append(this.#banner, this.#loading, this.#head, this.#tabs, this.#body)
    this.#tabs.addEventListener("keydown", (event) => this.#moveTab(event))
    onThemeChange((theme) => {
      this.#theme = theme
      this.#shown.clear()
      this.#drawSoon()
    })
    this.#host.listen((message) => {
      this.#model = withMessage(this.#model, message)
      this.#drawSoon()
    })
    // What lasts until now grows by itself.
    setInterval(() => {
      const { detail } = this.#model
      if (detail !== undefined && !isOver(detail)) this.#drawSoon()
    }, 1000)
    setTimeout(() => {
      this.#isLate = true
      this.#drawSoon()
    }, 300)
    if (this.#tab === "Job" || this.#tab === "Pod") this.#host.post({ kind: "read", of: this.#tab })
    this.#draw()
  }

  #drawSoon(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    requestAnimationFrame(() => {
      this.#isAsked = false
      this.#draw()
    })
  }

  #draw(): void {
    const { detail, stale, trouble } = this.#model
    this.#loading.hidden = detail !== undefined || trouble !== undefined || !this.#isLate
    this.#banner.hidden = stale === null && (trouble === undefined || detail === undefined)
    if (stale !== null) {
      const places = { time: clockText(stale.since), message: stale.message }
      setText(
        this.#banner,
        t("Not connected since {time}; what is shown may be out of date. {message}", places),
      )
    } else if (trouble !== undefined) setText(this.#banner, trouble)
    this.#body.classList.toggle("stale", stale !== null)
    if (detail === undefined) {
      this.#head.hidden = true
      this.#tabs.hidden = true
      if (trouble !== undefined) {
        this.#fill(this.#body, trouble, () => [element("p", { class: "state" }, trouble)])
      }
      return
    }
    this.#head.hidden = false
    this.#tabs.hidden = false
    const { place } = this.#model
    this.#fill(this.#head, JSON.stringify([detail, place]), () => this.#headOf(detail, place))
    this.#drawTabs()
    this.#drawBody(detail)
  }

  #headOf(detail: StepDetail, place: string): readonly HTMLElement[] {
    const { step, task, count, run } = detail
    this.#head.className = `headline phase-${step.phase}`
    const tries = triesOf(detail)
    const attempt = step.attempts.at(-1)
    const facts = [
      step.attempts.length > 1 && attempt
        ? t("attempt {number}", { number: attempt.attempt })
        : undefined,
      tries.length > 1 ? t("try {number}", { number: attempt?.tries.length ?? 1 }) : undefined,
      count > 1
        ? t('index {index} of the {count} steps of "{task}"', { index: step.index, count, task })
        : undefined,
      run,
      place,
    ]
    const text = facts.filter(Boolean).join(" · ")
    return [
      phaseSign(step.phase, this.#theme),
      element("h1", { class: "cut", title: step.id }, step.id),
      element("span", { class: "word" }, t(phaseLooks[step.phase].word)),
      element("span", { class: "dim cut grow", title: text }, text),
      ...this.#acts(detail),
    ]
  }

  /** The two best things to do next; the last of them is the one most likely wanted. */
  #acts({ step, task, source, runPhase }: StepDetail): readonly HTMLElement[] {
    const log: [StepAct, string, string] = ["log", t("Show Log"), "output"]
    const graph: [StepAct, string, string] = ["graph", t("Show Graph"), "type-hierarchy"]
    const isRun = step.attempts.length > 0
    const isBad = step.phase === "failed" || step.phase === "stopped"
    const second: [StepAct, string, string] =
      isBad && source !== null
        ? ["runFrom", t('Run Again from "{task}"', { task: task.slice(0, 60) }), "debug-rerun"]
        : isBad
          ? ["retry", t("Retry This Step"), "debug-restart"]
          : runPhase === "suspended"
            ? ["resume", t("Resume the Run"), "debug-continue"]
            : isRun
              ? log
              : graph
    const first = second === log ? graph : isRun ? log : undefined
    return [...(first ? [first] : []), second].map(([act, text, icon], index, all) => {
      const kind = index === all.length - 1 ? "button" : "button second"
      const button = element("button", { class: kind })
      button.append(codicon(icon), element("span", { class: "cut" }, text))
      button.addEventListener("click", () => this.#host.post({ kind: "act", act }))
      return button
    })
  }

  #drawTabs(): void {
    const there = tabsOf(this.#model)
    if (!there.includes(this.#tab)) this.#tab = "summary"
    const key = JSON.stringify([there.map((tab) => [tab, tabCount(tab, this.#model)]), this.#tab])
    const hadFocus = this.#tabs.contains(document.activeElement)
    const isNew = this.#fill(this.#tabs, key, () =>
      there.map((tab) => {
        const count = tabCount(tab, this.#model)
        const isOn = tab === this.#tab
        const button = element("button", {
          role: "tab",
          "aria-selected": String(isOn),
          "data-tab": tab,
          tabindex: isOn ? 0 : -1,
        })
        button.append(tabName(tab))
        if (count > 0) button.append(element("span", { class: "badge" }, String(count)))
        button.addEventListener("click", () => this.#showTab(tab))
        return button
      }),
    )
    if (isNew && hadFocus) {
      this.#tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus()
    }
  }

  #moveTab(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0
    if (by === 0) return
    const there = tabsOf(this.#model)
    const next = there.at((there.indexOf(this.#tab) + by) % there.length)
    if (next !== undefined) this.#showTab(next)
    event.preventDefault()
  }

  #showTab(tab: Tab): void {
    this.#tab = tab
    this.#host.keep({ tab })
    if (tab === "Job" || tab === "Pod") this.#host.post({ kind: "read", of: tab })
    this.#draw()
  }

  #drawBody(detail: StepDetail): void {
    const { events, logs, isLogRead, objects, refused } = this.#model
    const draw: Draw = {
      theme: this.#theme,
      now: Date.now(),
      post: (message) => this.#host.post(message),
      showTab: (tab) => this.#showTab(tab),
    }
    const tab = this.#tab
    // In JSON there is no undefined beside null.
    const told = events ?? String(events)
    if (tab !== "summary") {
      const key = [tab, detail.step, told, objects.get("Job"), objects.get("Pod"), [...refused]]
      this.#fill(this.#body, JSON.stringify(key), () => [
        element("div", { class: "one", role: "tabpanel" }, ...this.#tabOf(tab, detail, draw)),
      ])
      return
    }
    this.#fill(this.#body, "summary", () => {
      const parts = ["why", "time", "log", "events", "conditions"].map((id) =>
        element("div", { "data-part": id }),
      )
      return [
        element("div", { class: "left", role: "tabpanel" }, ...parts),
        element("aside", { class: "right", "data-part": "side" }),
      ]
    })
    const live = isOver(detail) ? 0 : Math.floor(draw.now / 1000)
    const part = (id: string, key: unknown, make: () => readonly HTMLElement[]) => {
      const target = this.#body.querySelector(`[data-part="${id}"]`)
      if (target) this.#fill(target, JSON.stringify(key), make)
    }
    const minute = detail.step.reason?.since === undefined ? 0 : live
    part("why", [detail, events, minute], () => reasonBox(detail, events ?? [], draw))
    part("time", [detail.step, detail.begin, live], () => timesSection(detail, draw))
    part("log", [[...logs], isLogRead, [...refused], detail.step.phase], () =>
      logSection(detail, this.#model, draw),
    )
    part("events", [told, [...refused], detail.step.phase], () =>
      eventsSection(this.#model, draw, true),
    )
    const conditions = [objects.get("Job")?.conditions, objects.get("Pod")?.conditions]
    part("conditions", conditions, () => conditionsSection(this.#model))
    const { placeKind } = this.#model
    part("side", [detail, objects.get("Job")?.asked, [...refused], placeKind], () =>
      sideSections(detail, this.#model, draw),
    )
  }

  #tabOf(tab: Tab, detail: StepDetail, draw: Draw): readonly HTMLElement[] {
    switch (tab) {
      case "events":
        return eventsSection(this.#model, draw, false)
      case "containers":
        return [containersSection(detail, draw)]
      case "Job":
      case "Pod":
        return [yamlSection(tab, this.#model)]
      default:
        return []
    }
  }

  /** True when it was made anew. */
  #fill(target: Element, key: string, make: () => readonly HTMLElement[]): boolean {
    if (this.#shown.get(target) === key) return false
    this.#shown.set(target, key)
    target.replaceChildren(...make())
    return true
  }
}

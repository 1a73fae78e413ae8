import type { Direction } from "#core/graph/layout"
import { mermaid } from "#core/graph/mermaid"
import { svg } from "#core/graph/svg"
import type { ViewPhase } from "#core/view/phase"
import { clockText } from "../shared/clock.ts"
import { codicon, element, setText } from "../shared/element.ts"
import type { Host } from "../shared/host.ts"
import { onThemeChange, readTheme, type Theme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import { type Choice, GraphCanvas, nothing, type Stay } from "./canvas.ts"
import { exportPng } from "./exportPng.ts"
import { type Found, find } from "./find.ts"
import { Headline } from "./headline.ts"
import { type Kept, readKept } from "./kept.ts"
import { showLegend } from "./legend.ts"
import { Minimap } from "./minimap.ts"
import { isSameShape, type Model, modelOf, phaseOf, takeSteps, takeTasks } from "./model.ts"
import { followPointer } from "./pointer.ts"
import type { Act, GraphToPage, Head } from "./protocol.ts"
import { spoken } from "./saying.ts"
import { SelectionStrip } from "./selectionStrip.ts"
import { type ExportFormat, Toolbar } from "./toolbar.ts"
import { Twin } from "./twin.ts"
import { nextFailed, walk, wayOf } from "./walk.ts"

/** The page of a graph: what is shown of which picture, and what a person does with it. */
export class GraphPage {
  readonly #host: Host<"graph">
  readonly #canvas: GraphCanvas
  readonly #headline: Headline
  readonly #toolbar: Toolbar
  readonly #twin = new Twin()
  readonly #minimap: Minimap
  readonly #strip: SelectionStrip
  readonly #legend = element("ul", { class: "legend", "aria-label": t("Legend") })
  readonly #broken = element("div", { class: "banner", role: "status", hidden: true })
  readonly #stale = element("div", { class: "banner", role: "status", hidden: true })
  readonly #message = element("div", { class: "message", role: "status", hidden: true })
  readonly #loading = element("div", { class: "loading-line", hidden: true })
  readonly #main = element("main", { "aria-label": t("Graph") })
  #theme: Theme
  #model: Model = modelOf({ name: "", tasks: [], edges: [], lines: [] })
  #head: Head | null = null
  #chosen: Choice | undefined
  #hovered: Choice | undefined
  #unfolded = new Set<string>()
  #filter = new Set<ViewPhase>()
  #found: Found | undefined
  #hit = -1
  #onlyPathOf: number | undefined
  #direction: Direction | undefined
  #isStale = false
  #hasPicture = false
  #hasLookedAtFailure = false
  #pending: Kept | undefined
  #isAsked = false

  constructor(host: Host<"graph">) {
    this.#host = host
    this.#theme = readTheme()
    this.#pending = readKept(host.kept)
    this.#direction = this.#pending?.direction
    this.#unfolded = new Set(this.#pending?.unfolded)
    this.#filter = new Set(this.#pending?.filter)
    const picture = element("canvas", { class: "picture", "aria-hidden": "true" })
    this.#canvas = new GraphCanvas(this.#model, this.#theme, picture)
    this.#headline = new Headline((act, task) => this.#act(act, task))
    this.#toolbar = new Toolbar({
      find: (text) => this.#find(text),
      findNext: (isBack) => this.#goToHit(isBack ? -1 : 1),
      toggle: (phase) => this.#toggleFilter(phase),
      turn: () => this.#turn(),
      foldAll: () => this.#foldAll(),
      zoom: (factor) => this.#canvas.zoom(factor),
      fit: () => this.#canvas.fitAll(),
      exportAs: (format) => void this.#exportAs(format),
      leave: () => this.#twin.element.focus(),
    })
    this.#minimap = new Minimap(this.#canvas, this.#model)
    this.#strip = new SelectionStrip((what) => this.#open(what))
    const pointer = element("div", { class: "pointer", role: "tooltip", hidden: true })
    this.#main.append(
      picture,
      this.#twin.element,
      this.#legend,
      this.#minimap.element,
      this.#message,
      pointer,
    )
    document.body.append(
      this.#headline.element,
      this.#toolbar.element,
      this.#loading,
      this.#broken,
      this.#stale,
      this.#main,
      this.#strip.element,
    )
    this.#canvas.onView = () => {
      this.#toolbar.showZoom(this.#canvas.view.scale)
      this.#minimap.draw()
      this.#keepSoon()
    }
    this.#canvas.onLayout = () => this.#laidOut()
    followPointer(this.#main, this.#canvas, {
      hover: (choice, at) => {
        this.#hovered = choice
        const text = choice && spoken(this.#model, choice.task, Date.now())
        pointer.hidden = text === undefined
        if (text !== undefined && choice) {
          setText(
            pointer,
            choice.step === null ? text : `${this.#nameOf(choice.task)}.${choice.step}`,
          )
          const { width } = this.#canvas.size
          pointer.style.left = `${Math.max(0, Math.min(at.x + 14, width - pointer.offsetWidth - 8))}px`
          pointer.style.top = `${at.y + 18}px`
        }
        this.#attend()
      },
      choose: (choice, isPathOnly) => {
        this.#twin.element.focus({ preventScroll: true })
        this.#onlyPathOf = isPathOnly ? choice?.task : undefined
        this.#choose(choice, true)
      },
      unfold: (choice) => this.#toggleFold(choice.task),
    })
    this.#twin.element.addEventListener("keydown", (event) => this.#key(event))
    new ResizeObserver(() => {
      const { clientWidth, clientHeight } = this.#main
      this.#canvas.resize(clientWidth, clientHeight)
      this.#toolbar.showDirection(this.#wantedDirection())
      if (this.#hasPicture && this.#wantedDirection() !== this.#canvas.direction) this.#layOut()
    }).observe(this.#main)
    onThemeChange((theme) => {
      this.#theme = theme
      this.#canvas.setTheme(theme)
      this.#canvas.resize(this.#main.clientWidth, this.#main.clientHeight)
      this.#minimap.forget(this.#model)
      // Colours are not to lag behind the window's.
      this.#show()
    })
    setInterval(() => this.#tick(), 1000)
    // Nothing for a wait that nobody notices, then a thin line.
    setTimeout(() => {
      this.#loading.hidden = this.#hasPicture || !this.#message.hidden
    }, 300)
    this.#toolbar.showDirection(this.#wantedDirection())
    this.#show()
  }

  take(message: GraphToPage): void {
    switch (message.kind) {
      case "picture":
        this.#takePicture(modelOf(message.picture, this.#model))
        break
      case "head":
        this.#head = message.head
        if (message.head === null && this.#model.hasRun) {
          this.#model.hasRun = false
          this.#canvas.repaintAll()
        }
        this.#showSoon()
        break
      case "tasks": {
        const hadRun = this.#model.hasRun
        const changed = takeTasks(this.#model, message.tasks)
        this.#canvas.forgetHeld()
        if (hadRun) this.#canvas.repaintTasks(changed)
        else this.#canvas.repaintAll()
        this.#minimap.refresh(this.#model)
        this.#lookAtFailure()
        this.#showSoon()
        break
      }
      case "steps": {
        const changed = takeSteps(this.#model, message)
        this.#canvas.repaintTasks(
          [...changed].filter((v) => this.#canvas.unfolded.has(this.#nameOf(v))),
        )
        this.#showSoon()
        break
      }
      case "broken":
        this.#broken.hidden = message.line === null
        if (message.line !== null) {
          this.#broken.replaceChildren(
            codicon("warning"),
            t("Line {line} cannot be read; shown as of the last good text.", {
              line: message.line + 1,
            }),
          )
        }
        break
      case "stale": {
        const { stale } = message
        this.#isStale = stale !== null
        this.#stale.hidden = stale === null
        if (stale !== null) {
          const places = { time: clockText(stale.since), message: stale.message }
          this.#stale.replaceChildren(
            codicon("sync-ignored"),
            element(
              "span",
              {},
              t("Not connected since {time}; what is shown may be out of date. {message}", places),
            ),
          )
        }
        this.#attend()
        break
      }
      case "select": {
        const task = this.#model.numbers.get(message.task)
        if (task !== undefined) this.#choose({ task, step: message.step }, false)
        break
      }
      case "failed":
        this.#say(message.message)
        this.#loading.hidden = true
        break
    }
  }

  #takePicture(model: Model): void {
    const before = this.#model
    const isFirst = !this.#hasPicture
    this.#hasPicture = true
    this.#loading.hidden = true
    this.#say(
      model.picture.tasks.length === 0 ? t("No tasks yet. The graph grows as you type.") : "",
    )
    if (!isFirst && isSameShape(before.picture, model.picture)) {
      // Only lines moved; everything drawn is as it was.
      Object.assign(before, { picture: model.picture })
      this.#showSoon()
      return
    }
    const moved = (choice: Choice | undefined): Choice | undefined => {
      const task = choice && model.numbers.get(before.picture.tasks[choice.task]?.name ?? "")
      return task === undefined ? undefined : { task, step: choice?.step ?? null }
    }
    this.#chosen = moved(this.#chosen)
    this.#hovered = undefined
    this.#onlyPathOf = undefined
    this.#model = model
    this.#layOut({ keeps: "places" })
    this.#show()
  }

  /** The picture that was asked for is there now; until then the one before it was shown. */
  #laidOut(): void {
    const pending = this.#pending
    this.#pending = undefined
    if (pending !== undefined) {
      const task = pending.chosen === null ? undefined : this.#model.numbers.get(pending.chosen)
      if (task !== undefined) this.#chosen = { task, step: null }
      if (pending.view) this.#canvas.setView(pending.view, true)
    }
    this.#refilter()
    this.#minimap.forget(this.#model)
    this.#showLegend()
    this.#lookAtFailure()
    this.#attend()
    this.#main.dataset.drawn = String(Number(this.#main.dataset.drawn ?? 0) + 1)
  }

  #layOut(stay: Stay = {}): void {
    this.#canvas.show(this.#model, this.#unfolded, this.#wantedDirection(), stay)
  }

  #wantedDirection(): Direction {
    if (this.#direction !== undefined) return this.#direction
    return this.#main.clientWidth >= this.#main.clientHeight ? "right" : "down"
  }

  /** The first failure is what a person came for; it is shown once, and not against their choice. */
  #lookAtFailure(): void {
    if (this.#hasLookedAtFailure || this.#chosen !== undefined || !this.#canvas.scene) return
    const failed = nextFailed(this.#model, -1)
    if (failed === undefined) return
    this.#hasLookedAtFailure = true
    this.#chosen = { task: failed.task, step: null }
    const steps = this.#model.picture.tasks[failed.task]?.steps ?? 0
    if (steps > 1 && steps <= 200) {
      this.#unfolded.add(this.#nameOf(failed.task))
      this.#layOut({ keeps: "order", anchor: failed.task })
    }
    this.#attend()
    this.#show()
  }

  #choose(choice: Choice | undefined, isByPerson: boolean): void {
    const before = this.#chosen
    this.#chosen = choice
    if (choice !== undefined && !isByPerson) this.#canvas.reveal(choice.task)
    this.#attend()
    this.#show()
    if (!isByPerson || choice === undefined) return
    if (before?.task === choice.task && before.step === choice.step) return
    this.#host.post({ kind: "chosen", task: this.#nameOf(choice.task), step: choice.step })
  }

  #attend(): void {
    this.#canvas.setAttention({
      ...nothing,
      chosen: this.#chosen,
      hovered: this.#hovered,
      found: this.#found?.marks,
      kept: this.#kept,
      onlyPathOf: this.#onlyPathOf,
      isStale: this.#isStale,
    })
  }

  #kept: Uint8Array | undefined

  #refilter(): void {
    const before = this.#kept
    const now =
      this.#filter.size === 0
        ? undefined
        : Uint8Array.from(this.#model.picture.tasks, (_, v) => (this.#isKept(v) ? 1 : 0))
    // The same marks stay the same array: a picture that looks the same is not painted anew.
    const isSame = before?.length === now?.length && now?.every((mark, v) => mark === before?.[v])
    if (now === undefined || !isSame) this.#kept = now
  }

  /** A fan-out stays when any of its steps is of a phase that is asked for. */
  #isKept(task: number): boolean {
    if (this.#filter.has(phaseOf(this.#model, task))) return true
    const counts = this.#model.hasRun ? this.#model.tasks[task]?.counts.byPhase : undefined
    return [...this.#filter].some((phase) => (counts?.[phase] ?? 0) > 0)
  }

  #toggleFilter(phase: ViewPhase): void {
    if (!this.#filter.delete(phase)) this.#filter.add(phase)
    this.#refilter()
    this.#attend()
    this.#show()
    this.#keepSoon()
  }

  #find(text: string): void {
    this.#found = find(this.#model, text)
    this.#hit = -1
    const count = this.#found?.hits.length ?? 0
    this.#toolbar.showFound(
      this.#found === undefined
        ? ""
        : count === 0
          ? t("nothing found")
          : count === 1
            ? t("1 found")
            : t("{count} found", { count }),
    )
    this.#attend()
  }

  #goToHit(by: 1 | -1): void {
    const hits = this.#found?.hits ?? []
    if (hits.length === 0) return
    this.#hit = (this.#hit + by + hits.length) % hits.length
    const hit = hits[this.#hit] as Choice
    this.#toolbar.showFound(t("{number} of {count}", { number: this.#hit + 1, count: hits.length }))
    if (hit.step !== null) this.#unfold(hit.task)
    this.#choose(hit, true)
    this.#canvas.reveal(hit.task)
  }

  #turn(): void {
    this.#direction = this.#wantedDirection() === "right" ? "down" : "right"
    this.#toolbar.showDirection(this.#direction)
    this.#canvas.fitAll()
    this.#layOut()
    this.#keepSoon()
  }

  #toggleFold(task: number): void {
    const name = this.#nameOf(task)
    if ((this.#model.picture.tasks[task]?.steps ?? 1) < 2) return
    if (!this.#unfolded.delete(name)) this.#unfolded.add(name)
    else if (this.#chosen?.task === task) this.#chosen = { task, step: null }
    this.#layOut({ keeps: "order", anchor: task })
    this.#show()
    this.#keepSoon()
  }

  #unfold(task: number): void {
    if (!this.#unfolded.has(this.#nameOf(task))) this.#toggleFold(task)
  }

  #foldAll(): void {
    if (this.#unfolded.size > 0) this.#unfolded.clear()
    else {
      for (const { name, steps } of this.#model.picture.tasks) {
        if (steps !== null && steps > 1) this.#unfolded.add(name)
      }
    }
    if (this.#unfolded.size === 0 && this.#chosen) this.#chosen = { ...this.#chosen, step: null }
    this.#layOut({ keeps: "order" })
    this.#show()
    this.#keepSoon()
  }

  #open(what: "source" | "log" | "step"): void {
    if (this.#chosen === undefined) return
    const { task, step } = this.#chosen
    this.#host.post({ kind: "open", what, task: this.#nameOf(task), step })
  }

  #act(act: Act, task: string | null): void {
    this.#host.post({ kind: "act", act, task })
  }

  async #exportAs(format: ExportFormat): Promise<void> {
    const { picture } = this.#model
    const name = picture.name || "workflow"
    if (format === "svg") {
      this.#host.post({
        kind: "save",
        name: `${name}.svg`,
        content: svg(picture, this.#canvas.direction),
      })
    } else if (format === "mermaid") {
      this.#host.post({
        kind: "save",
        name: `${name}.mmd`,
        content: mermaid(picture, this.#canvas.direction),
      })
    } else {
      const content = await exportPng(this.#canvas)
      if (content) this.#host.post({ kind: "save", name: `${name}.png`, content })
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (!this.#carryOut(event.key)) return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Answers whether the key meant something. */
  #carryOut(key: string): boolean {
    const { scene } = this.#canvas
    const chosen = this.#chosen
    const way = wayOf(key, this.#canvas.direction)
    if (way !== undefined) {
      if (!scene || this.#model.picture.tasks.length === 0) return false
      const next = chosen === undefined ? 0 : walk(this.#model, scene, chosen.task, way)
      if (next !== undefined) this.#goTo({ task: next, step: null })
      return true
    }
    switch (key) {
      case "+":
      case "=":
        this.#canvas.zoom(1.25)
        return true
      case "-":
        this.#canvas.zoom(1 / 1.25)
        return true
      case "0":
        this.#canvas.fitAll()
        return true
      case "1":
        this.#canvas.zoom(1 / this.#canvas.view.scale)
        if (chosen) this.#canvas.reveal(chosen.task)
        return true
      case "/":
        this.#toolbar.focusFind()
        return true
      case "f":
      case "F": {
        const failed = nextFailed(this.#model, chosen?.task ?? -1)
        if (failed) this.#goTo({ task: failed.task, step: null })
        return true
      }
      case "Escape":
        return this.#backOut()
      case "PageDown":
      case "PageUp":
        return this.#stepOn(key === "PageDown" ? 1 : -1)
      case "Enter":
        this.#open("step")
        return true
      case "l":
      case "L":
        this.#open("log")
        return true
      case "s":
      case "S":
        this.#open("source")
        return true
      case " ":
        if (chosen) this.#toggleFold(chosen.task)
        return true
      default:
        return false
    }
  }

  #goTo(choice: Choice): void {
    this.#choose(choice, true)
    this.#canvas.reveal(choice.task)
  }

  /** Through the steps of the chosen task, which unfolds for it. */
  #stepOn(by: 1 | -1): boolean {
    const chosen = this.#chosen
    const steps = chosen && this.#model.picture.tasks[chosen.task]?.steps
    if (chosen === undefined || typeof steps !== "number" || steps < 2) return false
    this.#unfold(chosen.task)
    const step = chosen.step === null ? (by === 1 ? 0 : steps - 1) : chosen.step + by
    if (step >= 0 && step < steps) this.#goTo({ task: chosen.task, step })
    return true
  }

  /** First what narrows the picture, then the choice. */
  #backOut(): boolean {
    if (this.#onlyPathOf !== undefined) this.#onlyPathOf = undefined
    else if (this.#found !== undefined) this.#find("")
    else if (this.#filter.size > 0) {
      this.#filter.clear()
      this.#refilter()
    } else if (this.#chosen?.step != null) this.#chosen = { ...this.#chosen, step: null }
    else if (this.#chosen !== undefined) this.#chosen = undefined
    else return false
    this.#attend()
    this.#show()
    return true
  }

  #nameOf(task: number): string {
    return this.#model.picture.tasks[task]?.name ?? ""
  }

  #say(text: string): void {
    this.#message.hidden = text === ""
    setText(this.#message, text)
  }

  /** What changes by itself while a run goes on: times. */
  #tick(): void {
    this.#showLegend()
    if (this.#head === null || this.#head.finishedAt !== null || !this.#model.hasRun) return
    const running: number[] = []
    for (let v = 0; v < this.#model.tasks.length && running.length < 500; v++) {
      if (this.#model.tasks[v]?.phase === "running") running.push(v)
    }
    this.#canvas.repaintTasks(running)
    this.#showSoon()
  }

  #showSoon(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    // Nobody reads numbers faster than this, and a large run changes a thousand times a second.
    setTimeout(() => {
      this.#isAsked = false
      this.#show()
    }, 100)
  }

  /** Everything round the picture. */
  #show(): void {
    const { picture, hasRun } = this.#model
    const failed = nextFailed(this.#model, -1)
    this.#headline.show(
      picture.name,
      this.#head,
      picture.tasks.length,
      this.#theme,
      failed === undefined ? null : this.#nameOf(failed.task),
    )
    this.#toolbar.showChips(
      hasRun ? (this.#head?.counts.byPhase ?? {}) : {},
      this.#filter,
      this.#theme,
    )
    this.#toolbar.showFold(
      picture.tasks.some(({ steps }) => steps !== null && steps > 1),
      this.#unfolded.size > 0,
    )
    this.#twin.show(this.#model, this.#chosen, this.#unfolded)
    this.#strip.show(this.#model, this.#chosen, this.#theme)
    if (this.#filter.size > 0) {
      this.#refilter()
      this.#attend()
    }
  }

  #showLegend(): void {
    const { scene } = this.#canvas
    if (!scene || scene.laidOut.reversed.length !== this.#model.picture.edges.length) return
    showLegend(this.#legend, this.#model, scene.laidOut.reversed)
    const height = this.#legend.childElementCount === 0 ? 0 : this.#legend.offsetHeight
    this.#canvas.keepClear(height)
  }

  #keepTimer: ReturnType<typeof setTimeout> | undefined

  #keepSoon(): void {
    this.#keepTimer ??= setTimeout(() => {
      this.#keepTimer = undefined
      const kept: Kept = {
        view: this.#canvas.isAuto ? null : this.#canvas.view,
        direction: this.#direction,
        unfolded: [...this.#unfolded],
        filter: [...this.#filter],
        chosen: this.#chosen === undefined ? null : this.#nameOf(this.#chosen.task),
      }
      this.#host.keep(kept)
    }, 200)
  }
}

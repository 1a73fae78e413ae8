import { type ViewPhase, worst } from "#core/view/phase"
import { cellsOf } from "#core/view/sequence/grid"
import type { SequenceRow } from "#core/view/sequence/row"
import { type Arrangement, sortByList } from "#core/view/sequence/rows"
import type { Window } from "#core/view/sequence/scale"
import { type ColumnId, columnIds, csvOf } from "#core/view/sequence/table"
import { element, setText } from "../shared/element.ts"
import type { Host } from "../shared/host.ts"
import { onThemeChange, readTheme, type Theme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import { stepOf } from "./axis.ts"
import { Chart } from "./chart.ts"
import { Foot } from "./foot.ts"
import { cellTitle, GridView } from "./gridView.ts"
import { Headline } from "./headline.ts"
import { type Kept, readKept } from "./kept.ts"
import { type Ask, askOf } from "./keys.ts"
import { type Link, Links } from "./links.ts"
import { SequenceModel } from "./model.ts"
import { Notices } from "./notices.ts"
import { listenToPointer } from "./pointer.ts"
import { placePop, popOf } from "./pop.ts"
import type { Look, SequenceToPage, Stale } from "./protocol.ts"
import { hitAt, layOutRows, type RowLayout, rowsInOrder, topOf } from "./rowLayout.ts"
import { RowTable } from "./rowTable.ts"
import { axisHeight, columnsFor, placesPerPixel, type Scene } from "./scene.ts"
import { columnTitles, rowsByWords, rowWords, segmentSentence } from "./sequenceWords.ts"
import { nextGap, panBy, windowOf, zoomAt, zoomedTo, zoomToNow, zoomToRow } from "./timeWindow.ts"
import { Toolbar } from "./toolbar.ts"

/** The panel: one model, four ways to look at it. */
export class SequencePage {
  readonly #host: Host<"sequence">
  readonly #model = new SequenceModel()
  #theme: Theme = readTheme()
  #kept: Kept
  #layout: RowLayout = layOutRows([], new Set(), false)
  #layoutKey = ""
  #window: Window = { from: 0, to: 1000 }
  #place = ""
  #stale: Stale | null = null
  #trouble: string | undefined
  #hovered: string | undefined
  #segment: number | undefined
  #brush: readonly [number, number] | undefined
  #links: Links | undefined
  #linksVersion = -1
  #isAsked = false
  #isDirty = true
  #lastFrame = 0
  #announced: string | undefined

  readonly #headline = new Headline()
  readonly #canvas = element("canvas", { "aria-hidden": "true" })
  readonly #spacer = element("div", { class: "spacer" })
  readonly #scroller = element("div", { class: "scroller", tabindex: 0, role: "application" })
  readonly #picture = element("main", { class: "picture" })
  readonly #notices = new Notices()
  readonly #foot = new Foot(() => this.#fit())
  readonly #pop = element("div", { class: "pop", role: "tooltip", hidden: true })
  readonly #said = element("div", { class: "unseen", "aria-live": "polite" })
  readonly #chart: Chart
  readonly #table: RowTable
  readonly #grid: GridView
  readonly #toolbar: Toolbar

  constructor(host: Host<"sequence">) {
    this.#host = host
    this.#kept = readKept(host.kept, host.subject.look ?? "sequence")
    this.#chart = new Chart(this.#canvas, this.#theme)
    const onChoose = (row: SequenceRow, opens: boolean) => {
      this.#select(row.id)
      if (opens) this.#open(row)
    }
    this.#table = new RowTable(t("Pods, as a table"), {
      onSort: (column) => this.#sortBy(column),
      onChoose,
    })
    this.#table.element.id = "rows"
    this.#grid = new GridView({
      onChoose,
      onHover: (row, x, y) => this.#showPop(row, x, y, row && cellTitle(row)),
    })
    this.#toolbar = new Toolbar({
      onLook: (look) => this.#look(look),
      onArrange: (by) => this.#arrange(by),
      onCutGaps: () => {
        this.#keep({ cutsGaps: !this.#kept.cutsGaps, zoomed: undefined })
        this.#model.cutGaps(this.#kept.cutsGaps)
      },
      onArrows: () => this.#keep({ arrows: !this.#kept.arrows }),
      onZoom: (factor) => this.#zoom(factor),
      onFit: () => this.#fit(),
      onColumns: () => this.#nextColumns(),
      onCsv: (isCopied) => this.#giveCsv(isCopied),
    })
  }

  start(): void {
    this.#scroller.append(this.#canvas, this.#spacer)
    this.#scroller.setAttribute("aria-label", t("Sequence of pods: arrow keys go from row to row"))
    this.#picture.append(this.#scroller, this.#table.element, this.#grid.element)
    document.body.append(
      this.#headline.element,
      this.#toolbar.element,
      ...this.#notices.elements,
      this.#picture,
      this.#foot.element,
      this.#pop,
      this.#said,
    )
    this.#scroller.scrollTop = this.#kept.top
    this.#model.arrangeBy(this.#kept.by)
    this.#model.cutGaps(this.#kept.cutsGaps)
    this.#listenToPointer()
    document.addEventListener("keydown", (event) => this.#onKey(event))
    new ResizeObserver(() => this.#ask()).observe(this.#picture)
    onThemeChange((theme) => {
      this.#theme = theme
      this.#chart.setTheme(theme)
      this.#ask()
    })
    this.#host.listen((message) => this.#take(message))
    // What still runs grows with the time, and what was put off falls due.
    setInterval(() => this.#ask(false), 250)
    this.#ask()
  }

  #take(message: SequenceToPage): void {
    switch (message.kind) {
      case "place":
        this.#place = message.name
        this.#stale = message.stale
        break
      case "trouble":
        this.#trouble = message.sentence
        break
      case "look":
        this.#look(message.look)
        break
      case "run":
      case "job":
        this.#trouble = undefined
        this.#model.take(message)
        break
      default:
        this.#model.take(message)
    }
    this.#ask()
  }

  #ask(isDirty = true): void {
    this.#isDirty ||= isDirty
    if (this.#isAsked) return
    this.#isAsked = true
    requestAnimationFrame((time) => {
      this.#isAsked = false
      this.#frame(time)
    })
  }

  #frame(time: number): void {
    // What is not known any more does not go on growing.
    const isNew = this.#model.refresh(this.#stale?.since ?? Date.now())
    const isLoading = this.#model.source === undefined && this.#trouble === undefined
    if (!isNew && !this.#isDirty && !isLoading) return
    this.#isDirty = false
    this.#headline.show(this.#model, this.#place, this.#theme)
    this.#showState()
    this.#toolbar.show({
      ...this.#kept,
      isRun: this.#host.subject.kind === "run",
      counts: this.#counts(),
      theme: this.#theme,
    })
    this.#layOut()
    const isMoving = this.#draw(time)
    this.#announce()
    if (!isMoving) return
    // A turning arc is smooth enough at half of a screen's pace.
    setTimeout(() => this.#ask(), Math.max(0, 32 - (performance.now() - this.#lastFrame)))
    this.#lastFrame = performance.now()
  }

  #countsKey = -1
  #knownCounts: ReadonlyMap<ViewPhase, number> = new Map()
  #countsAt = 0

  #counts(): ReadonlyMap<ViewPhase, number> {
    const now = performance.now()
    if (this.#countsKey === this.#model.version && now < this.#countsAt) return this.#knownCounts
    this.#countsKey = this.#model.version
    this.#countsAt = now + 400
    const counts = new Map<ViewPhase, number>()
    // In a grid a piece of work is one cell, however often it was tried.
    if (this.#kept.look === "grid") {
      for (const { phase } of cellsOf(this.#model.allRows)) {
        counts.set(phase, (counts.get(phase) ?? 0) + 1)
      }
    } else {
      for (const { phase, count } of this.#model.allRows) {
        counts.set(phase, (counts.get(phase) ?? 0) + count)
      }
    }
    this.#knownCounts = new Map([...counts].sort((a, b) => worst(a[0]) - worst(b[0])))
    return this.#knownCounts
  }

  #layOut(): void {
    const { version, groups } = this.#model
    const isGrouped = this.#kept.by.groupBy !== "none" && this.#kept.by.rowsBy !== "task"
    const key = `${version} ${isGrouped} ${this.#kept.folded.join("\n")}`
    if (key === this.#layoutKey) return
    this.#layoutKey = key
    this.#layout = layOutRows(groups, new Set(this.#kept.folded), isGrouped)
    this.#linksVersion = -1
  }

  #showState(): void {
    const { source, allRows } = this.#model
    const isEmpty = source !== undefined && allRows.every(({ begin }) => begin === undefined)
    this.#notices.show({
      stale: this.#stale,
      trouble: this.#trouble,
      isLoading: source === undefined && this.#trouble === undefined,
      isEmpty,
    })
    const isShown = source !== undefined && (allRows.length > 0 || this.#trouble === undefined)
    const { look } = this.#kept
    this.#scroller.hidden = !isShown || look !== "sequence" || isEmpty
    this.#grid.element.hidden = !isShown || look !== "grid"
    const table = this.#table.element
    table.hidden = !isShown || look === "grid"
    // Beside the picture it is there for screen readers only.
    table.classList.toggle("unseen", look === "sequence")
    table.tabIndex = look === "sequence" ? -1 : 0
    this.#foot.element.hidden = !isShown
    this.#picture.classList.toggle("is-stale", this.#stale !== null)
  }

  #draw(time: number): boolean {
    switch (this.#kept.look) {
      case "sequence":
        this.#showTwin()
        return this.#drawSequence(time)
      case "table":
        this.#showTable(this.#kept.columns, false)
        this.#showFoot()
        return false
      case "list":
        this.#showTable(["name", "reason", "total"], true)
        this.#showFoot()
        return false
      case "grid":
        this.#grid.show({
          rows: this.#gridRowsNow(),
          now: this.#model.now,
          selected: this.#kept.selected,
          theme: this.#theme,
          done: this.#model.done,
          begin: this.#model.scale.pieces.length === 0 ? undefined : this.#model.scale.begin,
          isLive: this.#model.isLive,
        })
        this.#showFoot()
        return false
    }
  }

  #gridAt = 0
  #gridVersion = -1
  #knownGridRows: readonly SequenceRow[] = []

  #gridRowsNow(): readonly SequenceRow[] {
    const now = performance.now()
    if (this.#gridVersion !== this.#model.version || now > this.#gridAt) {
      this.#gridVersion = this.#model.version
      this.#knownGridRows = this.#gridRows()
      this.#gridAt = now + 200
    }
    return this.#knownGridRows
  }

  /** In index order, whatever the other views are sorted by. */
  #gridRows(): readonly SequenceRow[] {
    const shown = new Set(this.#model.shownRows.map(({ item }) => item))
    const rows = this.#model.podRows.filter(({ item }) => shown.has(item))
    const at = (row: SequenceRow) => row.item.index ?? row.begin ?? Number.MAX_SAFE_INTEGER
    const groups = new Map<string, number>()
    for (const { item } of rows) if (!groups.has(item.group)) groups.set(item.group, groups.size)
    const place = (row: SequenceRow) => groups.get(row.item.group) ?? 0
    return rows.toSorted((a, b) => place(a) - place(b) || at(a) - at(b))
  }

  #showTable(columns: readonly ColumnId[], isList: boolean): void {
    if (this.#table.element.hidden) return
    this.#table.show({
      rows: this.#rows(),
      columns,
      now: this.#model.now,
      selected: this.#kept.selected,
      sortBy: this.#kept.by.sortBy,
      isDescending: this.#kept.by.isDescending,
      theme: this.#theme,
      isList,
    })
  }

  #twinAt = 0
  #twinKey = ""

  /** Who listens to the table beside the picture is not served by sixty of them a second. */
  #showTwin(): void {
    const now = performance.now()
    const key = `${this.#model.version} ${this.#kept.selected}`
    if (key === this.#twinKey && now < this.#twinAt) return
    this.#twinKey = key
    this.#twinAt = now + 1000
    this.#showTable(["name", "phase", "waited", "cold", "work", "total", "reason"], false)
  }

  #rowsVersion = -1
  #knownRows: readonly SequenceRow[] = []
  #rowsAt = 0

  #rows(): readonly SequenceRow[] {
    const now = performance.now()
    if (this.#rowsVersion !== this.#model.version || now > this.#rowsAt) {
      this.#rowsVersion = this.#model.version
      this.#knownRows = this.#model.shownRows
      this.#rowsAt = now + 200
    }
    return this.#knownRows
  }

  #drawSequence(time: number): boolean {
    if (this.#scroller.hidden) return false
    const width = this.#scroller.clientWidth
    const height = this.#scroller.clientHeight
    const columns = columnsFor(width)
    this.#model.setGapShare(72 / Math.max(200, columns.plotRight - columns.plotLeft))
    const picture = this.#layout.height + axisHeight + 24
    this.#spacer.style.height = `${Math.max(0, picture - height)}px`
    this.#window = windowOf(this.#model.scale, this.#kept.zoomed, this.#model.isLive)
    const isMoving = this.#chart.draw(this.#scene(width, height, time))
    this.#showFoot(width < 620 ? undefined : stepOf({ window: this.#window }, columns))
    return isMoving
  }

  #scene(width: number, height: number, clock: number): Scene {
    const { scale, now, isLive } = this.#model
    return {
      layout: this.#layout,
      scale,
      window: this.#window,
      now,
      isLive,
      top: this.#scroller.scrollTop,
      width,
      height,
      hovered: this.#hovered,
      selected: this.#kept.selected,
      segment: this.#segment,
      brush: this.#brush,
      links: this.#shownLinks(height),
      clock,
      rowsWord: rowsByWords()[this.#kept.by.rowsBy],
    }
  }

  #showFoot(step?: number): void {
    this.#foot.show({
      look: this.#kept.look,
      rows: this.#rows(),
      version: this.#model.version,
      theme: this.#theme,
      step,
      isLive: this.#model.isLive,
      isFollowing: this.#kept.zoomed === undefined,
    })
  }

  #shownLinks(height: number): readonly Link[] {
    const { source, version } = this.#model
    if (source?.kind !== "run") return []
    const ids = [this.#hovered, this.#kept.selected].flatMap((id) => id ?? [])
    const isAll = this.#kept.arrows && !this.#layout.isCrowded
    if (!isAll && ids.length === 0) return []
    if (this.#linksVersion !== version || this.#links === undefined) {
      this.#links = new Links(source.view, this.#layout)
      this.#linksVersion = version
    }
    return isAll
      ? this.#links.between(this.#scroller.scrollTop, height)
      : this.#links.of(new Set(ids))
  }

  #keep(change: Partial<Kept>): void {
    this.#keepSoon(change)
    this.#ask()
  }

  /** The editor is told a few times a second: writing it down at every frame would slow the frames. */
  #keepSoon(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change }
    this.#keepTimer ??= setTimeout(() => {
      this.#keepTimer = undefined
      this.#host.keep(this.#kept)
    }, 150)
  }

  #keepTimer: ReturnType<typeof setTimeout> | undefined

  #look(look: Look): void {
    this.#hidePop()
    this.#keep({ look })
    if (look === "grid" && this.#kept.by.rowsBy !== "pod") this.#arrange({ rowsBy: "pod" })
  }

  #arrange(change: Partial<Arrangement>): void {
    const by = { ...this.#kept.by, ...change }
    this.#keep({ by })
    this.#model.arrangeBy(by)
  }

  #sortBy(column: ColumnId): void {
    const sortBy = sortByList.find((id) => id === column)
    if (sortBy === undefined) return
    const { by } = this.#kept
    this.#arrange({ sortBy, isDescending: by.sortBy === sortBy && !by.isDescending })
  }

  /** Columns beyond the usual ones come and go together. */
  #nextColumns(): void {
    const isAll = this.#kept.columns.length === columnIds.length
    this.#keep({ columns: isAll ? readKept(undefined, "table").columns : columnIds })
  }

  #giveCsv(isCopied: boolean): void {
    const { look, columns } = this.#kept
    const chosen = look === "table" ? columns : columnIds
    const rows = this.#model.shownRows
    const text = csvOf(rows, chosen, columnTitles(), this.#model.now)
    if (isCopied) this.#host.post({ kind: "copy", text })
    else {
      const name = `${this.#model.source?.view.name ?? "pods"}.csv`
      this.#host.post({ kind: "save", name, content: text })
    }
    setText(this.#said, t("{count} rows as CSV", { count: rows.length }))
  }

  #open(row: SequenceRow): void {
    const { item } = row
    if (item.step !== undefined) this.#host.post({ kind: "openStep", step: item.step })
    else if (item.kind === "pod" && item.isSeen) {
      this.#host.post({ kind: "openLog", job: item.job, pod: item.name })
    }
  }

  #select(id: string | undefined): void {
    this.#segment = undefined
    this.#keep({ selected: id })
    if (id === undefined) return
    this.#table.reveal(id)
    const top = topOf(this.#layout, id)
    if (top === undefined) return
    const { scrollTop, clientHeight } = this.#scroller
    const room = clientHeight - axisHeight
    const { rowHeight } = this.#layout
    if (top < scrollTop) this.#scroller.scrollTop = top
    else if (top + rowHeight > scrollTop + room) this.#scroller.scrollTop = top + rowHeight - room
  }

  #announce(): void {
    const { selected } = this.#kept
    if (selected === this.#announced) return
    this.#announced = selected
    const row = selected === undefined ? undefined : this.#model.rowById(selected)
    if (row) setText(this.#said, rowWords(row, this.#model.now))
  }

  // Time

  #placeAt(x: number): number {
    const columns = columnsFor(this.#scroller.clientWidth)
    return this.#window.from + (x - columns.plotLeft) * placesPerPixel(columns, this.#window)
  }

  #zoom(factor: number, x?: number): void {
    const { plotLeft, plotRight } = columnsFor(this.#scroller.clientWidth)
    const place = this.#placeAt(x ?? (plotLeft + plotRight) / 2)
    this.#keep({ zoomed: zoomAt(this.#model.scale, this.#window, place, factor) })
  }

  #pan(pixels: number): void {
    const by = this.#placeAt(pixels) - this.#placeAt(0)
    this.#keep({ zoomed: panBy(this.#model.scale, this.#window, by) })
  }

  #fit(): void {
    this.#keep({ zoomed: undefined })
  }

  // Keys

  #onKey(event: KeyboardEvent): void {
    const isTyping =
      event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
    if (event.key === "Escape") {
      if (isTyping) this.#arrange({ find: "" })
      else this.#select(undefined)
      this.#hidePop()
      this.#scroller.focus()
      return
    }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return
    // A button that is in focus takes its own keys.
    const isButton = event.target instanceof HTMLButtonElement
    if (isButton && (event.key === "Enter" || event.key === " ")) return
    const ask = askOf(event.key, this.#kept.look, this.#grid.columns)
    if (ask && this.#do(ask)) event.preventDefault()
  }

  /** Answers whether there was something to do. */
  #do(ask: Ask): boolean {
    const { selected } = this.#kept
    const row = selected === undefined ? undefined : this.#model.rowById(selected)
    switch (ask.kind) {
      case "step":
        return this.#step(ask.by)
      case "page": {
        const shown = Math.floor(this.#picture.clientHeight / Math.max(12, this.#layout.rowHeight))
        return this.#step(ask.by * Math.max(1, shown - 3))
      }
      case "segment":
        return this.#stepSegment(row, ask.by)
      case "open":
        if (row) this.#open(row)
        return row !== undefined
      case "next failed":
        return this.#nextFailed()
      case "find":
        this.#toolbar.focusFind()
        return true
      case "zoom":
        this.#zoom(ask.factor)
        return true
      case "zoom to row":
        if (row) this.#keep({ zoomed: zoomToRow(row, this.#model.now) })
        return row !== undefined
      case "next gap":
        this.#keep({ zoomed: nextGap(this.#model.scale, this.#window) ?? this.#kept.zoomed })
        return true
      case "now":
        this.#keep({ zoomed: zoomToNow(this.#model.scale, this.#window, this.#model.now) })
        return true
      case "fit":
        this.#fit()
        return true
    }
  }

  #ordered(): readonly SequenceRow[] {
    if (this.#kept.look === "grid") return this.#grid.cells.map(({ row }) => row)
    return this.#kept.look === "sequence" ? rowsInOrder(this.#layout) : this.#model.shownRows
  }

  #step(by: number): boolean {
    const rows = this.#ordered()
    const at = rows.findIndex((row) => row.id === this.#kept.selected)
    const wanted = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by
    const next = rows[Math.max(0, Math.min(rows.length - 1, wanted))]
    if (next) this.#select(next.id)
    return next !== undefined
  }

  #stepSegment(row: SequenceRow | undefined, by: number): boolean {
    if (row === undefined || row.segments.length === 0) return false
    const at =
      this.#segment === undefined ? (by > 0 ? 0 : row.segments.length - 1) : this.#segment + by
    this.#segment = Math.max(0, Math.min(row.segments.length - 1, at))
    const segment = row.segments[this.#segment]
    if (segment) setText(this.#said, segmentSentence(segment, row, this.#model.now))
    const top = topOf(this.#layout, row.id)
    if (top !== undefined && this.#kept.look === "sequence") {
      const box = this.#scroller.getBoundingClientRect()
      const y = box.top + axisHeight + top - this.#scroller.scrollTop + this.#layout.rowHeight
      this.#showPop(row, box.left + box.width / 2, y)
    }
    this.#ask()
    return true
  }

  #nextFailed(): boolean {
    const rows = this.#ordered()
    const at = rows.findIndex((row) => row.id === this.#kept.selected)
    const turned = [...rows.slice(at + 1), ...rows.slice(0, at + 1)]
    const next = turned.find(({ phase }) => phase === "failed")
    if (next) this.#select(next.id)
    return next !== undefined
  }

  // Pointer

  #showPop(row: SequenceRow | undefined, x: number, y: number, title?: string): void {
    if (row === undefined) {
      this.#hidePop()
      return
    }
    this.#pop.replaceChildren(popOf(row, this.#model.now, title))
    this.#pop.hidden = false
    placePop(this.#pop, x, y)
  }

  #hidePop(): void {
    this.#pop.hidden = true
  }

  #listenToPointer(): void {
    this.#scroller.addEventListener("scroll", () => {
      this.#hidePop()
      this.#keepSoon({ top: this.#scroller.scrollTop })
      this.#ask()
    })
    listenToPointer(this.#canvas, {
      hit: (y) =>
        y < axisHeight ? undefined : hitAt(this.#layout, y - axisHeight + this.#scroller.scrollTop),
      onHover: (hit, isOnBars, x, y) => {
        const row = hit?.kind === "row" ? hit.row : undefined
        if (row?.id !== this.#hovered) {
          this.#hovered = row?.id
          this.#ask()
        }
        // Where rows are magnified, a pop-up would hide what is magnified.
        this.#showPop(isOnBars && !this.#layout.isCrowded ? row : undefined, x, y)
      },
      onClick: (hit) => {
        if (hit.kind === "head") this.#fold(hit.place.group.id)
        else {
          this.#select(hit.row.id)
          this.#open(hit.row)
        }
      },
      onPan: (pixels) => this.#pan(pixels),
      onZoom: (factor, x) => this.#zoom(factor, x),
      onBrush: (range, isDone) => this.#brushOver(range, isDone),
      onFit: () => this.#fit(),
    })
  }

  #brushOver([from, to]: readonly [number, number], isDone: boolean): void {
    this.#brush = isDone ? undefined : [from, to]
    if (isDone && to - from > 3) {
      const window = { from: this.#placeAt(from), to: this.#placeAt(to) }
      this.#keep({ zoomed: zoomedTo(this.#model.scale, window) })
    }
    this.#ask()
  }

  #fold(id: string): void {
    const { folded } = this.#kept
    this.#keep({
      folded: folded.includes(id) ? folded.filter((one) => one !== id) : [...folded, id],
    })
  }
}

import {
  type Disposable,
  EventEmitter,
  type TreeDataProvider,
  type TreeItem,
  TreeItemCollapsibleState,
} from "vscode"
import { type DagTree, dagTree } from "#core/view/dagTree"
import {
  foldSteps,
  isTaskShown,
  matchingSteps,
  missingWords,
  pageSize,
  type RunOrder,
  sortRuns,
} from "#core/view/runTree"
import type { RunView, StepView, TaskView } from "#core/view/statusTree"
import type { OpenedRunChange, RunStore } from "../runs/runStore.ts"
import {
  attemptRow,
  groupRow,
  itemOf,
  linkRow,
  moreRow,
  noticeRow,
  placeRow,
  placeTooltip,
  runRow,
  runTooltip,
  stepRow,
  stepsRow,
  stepTooltip,
  taskRow,
  taskTooltip,
  tooltipOf,
  tryRow,
} from "./runsItem.ts"
import type { RowKind, RunsNode } from "./runsNode.ts"

/** How the tree is looked at. */
export interface TreeLook {
  readonly isDag: boolean
  readonly order: RunOrder
  /** Lower case; every one has to be found. */
  readonly words: readonly string[]
}

interface StepAt {
  readonly place: string
  readonly run: string
  readonly task: string
  readonly index: number
}

/** Rows are drawn anew at most this often, however fast a run moves. */
const refreshMs = 250
/** VS Code asks for all that is unfolded below a row that is drawn anew: of many rows more seldom. */
const unfoldedMs = 1_000
const manyRows = 500
/** The time that goes on beside a row that runs is told this often, and how long ago others were. */
const clockMs = 5_000
const agoMs = 60_000

const { Collapsed, Expanded, None } = TreeItemCollapsibleState

/**
 * Places, runs, tasks, steps, attempts and tries. A run is opened when its row is unfolded; of what
 * changes only rows that were shown are drawn anew.
 */
export class RunsTree implements TreeDataProvider<RunsNode>, Disposable {
  readonly #runs: RunStore
  readonly #rows = new Map<string, RunsNode>()
  readonly #changed = new EventEmitter<RunsNode[] | undefined>()
  readonly #opened = new Map<string, ReturnType<RunStore["openRun"]>>()
  readonly #dags = new WeakMap<RunView, DagTree>()
  readonly #unfolded = new Set<string>()
  /** What the row of a place was last told beside its runs. */
  readonly #notes = new Map<string, string>()
  readonly #dirty = new Set<string>()
  readonly #listeners: readonly Disposable[]
  #timer: NodeJS.Timeout | undefined
  readonly #clock: NodeJS.Timeout
  #drewUnfolded = 0
  #toldAges = performance.now()
  #turn: Promise<void> = Promise.resolve()
  #isAllDirty = false
  #look: TreeLook = { isDag: false, order: "newest", words: [] }

  readonly onDidChangeTreeData = this.#changed.event

  constructor(runs: RunStore) {
    this.#runs = runs
    this.#listeners = [
      runs.onDidChangePlace(({ place, runs: changed, removed, stale, cutAt }) => {
        const isNew = changed.some(({ name }) => !this.#rows.has(idOf(place, name)))
        for (const name of removed) this.#forget(place, name)
        const note = `${stale?.kind ?? ""} ${cutAt ?? ""}`
        const isOther = this.#notes.get(place) !== note
        this.#notes.set(place, note)
        const isUnknown = !this.#rows.has(idOf(place))
        if (isNew || removed.length > 0 || isOther || isUnknown) this.#touch(idOf(place))
        for (const { name } of changed) this.#touch(idOf(place, name))
      }),
      runs.onDidChangeRun((change) => this.#touchRun(change)),
    ]
    this.#clock = setInterval(() => this.#touchTimes(), clockMs)
  }

  get look(): TreeLook {
    return this.#look
  }

  set look(look: TreeLook) {
    this.#look = look
    this.refresh()
  }

  /** Draws everything anew, for example once the places are others. */
  refresh(): void {
    this.#isAllDirty = true
    this.#flush()
  }

  unfold(node: RunsNode): void {
    this.#unfolded.add(node.id)
  }

  /** A folded run is no longer watched. */
  fold(node: RunsNode): void {
    this.#unfolded.delete(node.id)
    if (node.kind !== "run") return
    this.#opened.get(node.id)?.dispose()
    this.#opened.delete(node.id)
  }

  /** The row of a run that there is. */
  rowOf(place: string, run: string): RunsNode | undefined {
    if (!this.#summary({ place, run })) return undefined
    const parent = this.#row([place], undefined, { kind: "place", place })
    return this.#row([place, run], parent, { kind: "run", place, run })
  }

  /** The row of a task or step, or the nearest above it that is among the rows. */
  async rowInRun(run: RunsNode, task: string, step?: string): Promise<RunsNode> {
    const found = await this.#taskAmong(await this.getChildren(run), task)
    if (found === undefined || step === undefined) return found ?? run
    return (await this.#stepBelow(found, step)) ?? found
  }

  async #taskAmong(rows: readonly RunsNode[], task: string): Promise<RunsNode | undefined> {
    for (const row of rows) {
      if (row.kind !== "task") continue
      if (row.task === task) return row
      const below = this.#isNested && (await this.#taskAmong(await this.getChildren(row), task))
      if (below) return below
    }
    return undefined
  }

  async #stepBelow(parent: RunsNode, step: string): Promise<RunsNode | undefined> {
    for (const row of await this.getChildren(parent)) {
      if (row.kind === "step" && row.step === step) return row
      const below =
        row.kind === "steps" || row.kind === "group" ? await this.#stepBelow(row, step) : undefined
      if (below) return below
    }
    return undefined
  }

  getParent(node: RunsNode): RunsNode | undefined {
    return node.parent
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    if (node === undefined) return this.#places()
    switch (node.kind) {
      case "place":
        return this.#runRows(node)
      case "run":
        return this.#taskRows(node)
      case "task":
        await this.#inTurn()
        return this.#isNested ? this.#dagRows(node) : this.#stepRows(node, this.#steps(node))
      case "steps":
        return this.#foldedRows(node)
      case "group":
        return this.#stepRows(
          node,
          this.#steps(node).filter(({ phase }) => phase === node.phase),
        )
      case "step":
        return this.#attemptRows(node)
      case "attempt":
        return this.#tryRows(node, node.attempt)
      case "link":
      case "try":
      case "more":
      case "notice":
        return []
    }
  }

  getTreeItem(node: RunsNode): TreeItem {
    const now = Date.now()
    const isStale = "place" in node && this.#place(node.place)?.stale !== undefined
    const isFiltered = this.#look.words.length > 0
    const of = (row: Parameters<typeof itemOf>[1]) => {
      const item = itemOf(node, row, isStale)
      // Rows that were folded would stay so, and with them what the filter found below.
      if (item.collapsibleState === Collapsed && this.#unfolded.has(node.id)) {
        item.collapsibleState = Expanded
      }
      if (isFiltered) item.id = `${node.id}\n${this.#look.words.join(" ")}`
      return item
    }
    switch (node.kind) {
      case "place": {
        const place = this.#place(node.place)
        return place ? of(placeRow(place)) : gone(node)
      }
      case "run": {
        const run = this.#summary(node)
        const isFound = isFiltered && this.#runs.run(node.place, node.run) !== undefined
        return run
          ? of({
              ...runRow(run, now, this.#place(node.place)?.place.kind),
              ...(isFound ? { state: Expanded } : {}),
            })
          : gone(node)
      }
      case "task": {
        const task = this.#task(node)
        return task ? of(taskRow(task, now, this.#stateOf(node, task))) : gone(node)
      }
      case "link":
        return of(linkRow(node.task, node.isAbove))
      case "steps": {
        const task = this.#task(node)
        return task ? of(stepsRow(task)) : gone(node)
      }
      case "group": {
        const count = this.#steps(node).filter(({ phase }) => phase === node.phase).length
        return of(groupRow(node.phase, count))
      }
      case "step": {
        const step = this.#step(node)
        return step ? opening(of(stepRow(step, now)), node) : gone(node)
      }
      case "attempt": {
        const attempt = this.#attempt(node)
        return attempt ? opening(of(attemptRow(attempt, now)), node) : gone(node)
      }
      case "try": {
        const attempt = this.#attempt(node)
        return attempt ? opening(of(tryRow(attempt, node.pod, now)), node) : gone(node)
      }
      case "more": {
        const item = of(moreRow(node.count))
        item.command = { command: "kubeExecutions.filterRuns", title: "" }
        return item
      }
      case "notice":
        return of(noticeRow(node.text, node.fault))
    }
  }

  resolveTreeItem(item: TreeItem, node: RunsNode): TreeItem {
    switch (node.kind) {
      case "place": {
        const place = this.#place(node.place)
        if (place) item.tooltip = placeTooltip(place)
        break
      }
      case "run": {
        const run = this.#summary(node)
        if (run) item.tooltip = runTooltip(run, this.#place(node.place))
        break
      }
      case "task": {
        const task = this.#task(node)
        if (task) item.tooltip = taskTooltip(task)
        break
      }
      case "step": {
        const step = this.#step(node)
        if (step) item.tooltip = stepTooltip(step)
        break
      }
      case "notice":
        item.tooltip = tooltipOf([node.text])
        break
      default:
        item.tooltip = tooltipOf([`${item.label}`, `${item.description ?? ""}`])
    }
    return item
  }

  dispose(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#clock)
    for (const one of [...this.#listeners, ...this.#opened.values()]) one.dispose()
    this.#changed.dispose()
  }

  /** What a filter finds is a list: what hangs above it need not have its words. */
  get #isNested(): boolean {
    return this.#look.isDag && this.#look.words.length === 0
  }

  #places(): RunsNode[] {
    const { places } = this.#runs
    // Nothing to unfold: the view says what to do instead.
    if (places.every(({ runs, stale }) => runs.length === 0 && !stale)) return []
    return places.map(({ place }) =>
      this.#row([place.id], undefined, { kind: "place", place: place.id }),
    )
  }

  #runRows(parent: RunsNode & { kind: "place" }): RunsNode[] {
    const { place } = parent
    const state = this.#place(place)
    if (!state) return []
    const rows: RunsNode[] = []
    if (state.stale?.kind === "forbidden") rows.push(this.#notice(parent, state.stale))
    const shown = sortRuns(state.runs, this.#look.order).filter((run) => {
      const missing = missingWords(
        this.#look.words,
        state.place.context,
        run.name,
        run.phase,
        run.reason,
      )
      if (missing.length === 0) return true
      const view = this.#runs.run(place, run.name)
      return view?.tasks.some((task) => isTaskShown(task, missing)) ?? false
    })
    const runs = this.#page(parent, shown, ({ name }) =>
      this.#row([place, name], parent, { kind: "run", place, run: name }),
    )
    return [...rows, ...runs]
  }

  async #taskRows(parent: RunsNode & { kind: "run" }): Promise<RunsNode[]> {
    const { place, run } = parent
    const opened = this.#opened.get(parent.id) ?? this.#runs.openRun(place, run)
    this.#opened.set(parent.id, opened)
    try {
      await opened.opened
    } catch (error) {
      this.fold(parent)
      const message = error instanceof Error ? error.message : String(error)
      return [this.#notice(parent, { message, kind: "other" })]
    }
    const view = this.#runs.run(place, run)
    if (!view) return []
    const words = this.#wordsBelow(parent)
    const shown = view.tasks.filter((task) => words.length === 0 || isTaskShown(task, words))
    if (!this.#isNested) {
      return this.#page(parent, shown, ({ name }) => this.#taskRow(parent, name))
    }
    return this.#page(parent, this.#dag(view).roots, (name) => this.#taskRow(parent, name))
  }

  #taskRow(parent: RunsNode & { place: string; run: string }, task: string): RunsNode {
    const { place, run } = parent
    return this.#row([place, run, task], parent, { kind: "task", place, run, task })
  }

  #dagRows(parent: RunsNode & { kind: "task" }): RunsNode[] {
    const { place, run, task } = parent
    const view = this.#runs.run(place, run)
    if (!view) return []
    const steps = this.#steps(parent)
    const children = this.#dag(view).children.get(task) ?? []
    const only = steps.length === 1 ? steps : []
    return [
      ...this.#stepRows(parent, only),
      ...(steps.length > 1
        ? [this.#row([place, run, task, "steps"], parent, { kind: "steps", place, run, task })]
        : []),
      ...this.#page(parent, children, ({ task: child, kind }) => {
        if (kind === "own") return this.#taskRow(parent, child)
        const link = { kind: "link", isAbove: kind === "above", place, run, task: child } as const
        return this.#row([place, run, task, "link", child], parent, link)
      }),
    ]
  }

  #foldedRows(parent: RunsNode & { kind: "steps" }): RunsNode[] {
    const { place, run, task } = parent
    const { singly, groups } = foldSteps(this.#steps(parent))
    return [
      ...this.#stepRows(parent, singly),
      ...groups.map(({ phase }) =>
        this.#row([place, run, task, "group", phase], parent, {
          kind: "group",
          place,
          run,
          task,
          phase,
        }),
      ),
    ]
  }

  #stepRows(
    parent: RunsNode & { place: string; run: string; task: string },
    steps: readonly StepView[],
  ): RunsNode[] {
    const { place, run, task } = parent
    return this.#page(parent, steps, ({ id, index }) =>
      this.#row([place, run, task, "step", String(index)], parent, {
        kind: "step",
        place,
        run,
        task,
        step: id,
        index,
      }),
    )
  }

  #attemptRows(parent: RunsNode & { kind: "step" }): RunsNode[] {
    const attempts = this.#step(parent)?.attempts ?? []
    const [only] = attempts
    // With one Job its pods say it all.
    if (only && attempts.length === 1) return this.#tryRows(parent, only.attempt)
    return attempts
      .toReversed()
      .map(({ attempt }) =>
        this.#row([parent.id, String(attempt)], parent, { ...parent, kind: "attempt", attempt }),
      )
  }

  #tryRows(parent: RunsNode & { kind: "step" | "attempt" }, attempt: number): RunsNode[] {
    const tries = this.#attempt({ ...parent, attempt })?.tries ?? []
    return tries.toReversed().map(({ pod }) =>
      this.#row([parent.id, String(attempt), pod], parent, {
        ...parent,
        kind: "try",
        attempt,
        pod,
      }),
    )
  }

  #page<T>(parent: RunsNode, all: readonly T[], rowOf: (one: T) => RunsNode): RunsNode[] {
    const rows = all.slice(0, pageSize).map(rowOf)
    const count = all.length - rows.length
    if (count === 0) return rows
    const more = { id: `${parent.id}\nmore`, parent, kind: "more", count } as const
    return [...rows, more]
  }

  #notice(parent: RunsNode, { message, kind }: { message: string; kind: string }): RunsNode {
    return { id: `${parent.id}\nnotice`, parent, kind: "notice", text: message, fault: kind }
  }

  /** The same object for the same row, as long as it hangs at the same place. */
  #row(path: readonly string[], parent: RunsNode | undefined, kind: RowKind): RunsNode {
    const id = path.join("\n")
    const known = this.#rows.get(id)
    if (known && known.parent === parent) return known
    const row = { ...kind, id, parent }
    this.#rows.set(id, row)
    return row
  }

  #stateOf(node: RunsNode & { task: string; run: string; place: string }, task: TaskView) {
    const words = this.#wordsBelow(node)
    if (missingWords(words, task.name, task.phase, task.reason?.sentence).length > 0)
      return Expanded
    if (task.steps === null || task.steps.length > 0) return Collapsed
    const view = this.#runs.run(node.place, node.run)
    return this.#isNested && view && this.#dag(view).children.has(task.name) ? Collapsed : None
  }

  #dag(view: RunView): DagTree {
    const known = this.#dags.get(view)
    if (known) return known
    const made = dagTree(view.tasks)
    this.#dags.set(view, made)
    return made
  }

  #wordsBelow({ place, run }: { readonly place: string; readonly run: string }): readonly string[] {
    const summary = this.#summary({ place, run })
    const context = this.#place(place)?.place.context
    return missingWords(this.#look.words, context, run, summary?.phase, summary?.reason)
  }

  #place(place: string) {
    return this.#runs.places.find((state) => state.place.id === place)
  }

  #summary({ place, run }: { readonly place: string; readonly run: string }) {
    return this.#place(place)?.runs.find(({ name }) => name === run)
  }

  #task(node: { readonly place: string; readonly run: string; readonly task: string }) {
    return this.#runs.run(node.place, node.run)?.tasks.find(({ name }) => name === node.task)
  }

  #steps(node: RunsNode & { place: string; run: string; task: string }): readonly StepView[] {
    const task = this.#task(node)
    if (!task) return []
    const words = this.#wordsBelow(node)
    return words.length === 0 ? (task.steps ?? []) : matchingSteps(task, words)
  }

  #step(node: StepAt) {
    return this.#task(node)?.steps?.[node.index]
  }

  #attempt(node: StepAt & { readonly attempt: number }) {
    return this.#step(node)?.attempts.find(({ attempt }) => attempt === node.attempt)
  }

  #touchRun({ place, run, isWhole, tasks, steps }: OpenedRunChange): void {
    const id = idOf(place, run)
    // In the graph's tree a task that ends may move others.
    if (isWhole || this.#look.isDag || this.#look.words.length > 0) {
      this.#touch(id)
      return
    }
    for (const { name } of tasks) this.#touch(idOf(place, run, name))
    for (const { task, steps: changed } of steps) {
      for (const { index } of changed) this.#touch(idOf(place, run, task, "step", String(index)))
    }
  }

  /** Rows whose time goes on though nothing happens; below an unfolded row all is drawn with it. */
  #touchTimes(): void {
    const isForAll = performance.now() - this.#toldAges >= agoMs
    if (isForAll) this.#toldAges = performance.now()
    for (const { place, runs } of this.#runs.places) {
      for (const { name, finishedAt } of runs) {
        if ((isForAll || finishedAt === null) && this.#rows.has(idOf(place.id, name))) {
          this.#touch(idOf(place.id, name))
        }
      }
    }
  }

  #touch(id: string): void {
    if (this.#rows.has(id)) this.#dirty.add(id)
    else if (!id.includes("\n")) this.#isAllDirty = true
    else return
    this.#timer ??= setTimeout(() => this.#flush(), refreshMs)
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const now = performance.now()
    const isMany = this.#rows.size > manyRows
    const mayUnfolded = !isMany || now - this.#drewUnfolded >= unfoldedMs
    const ids = [...this.#dirty].filter((id) => mayUnfolded || !this.#unfolded.has(id))
    const rows = ids.flatMap((id) => this.#rows.get(id) ?? [])
    if (this.#isAllDirty) this.#changed.fire(undefined)
    else if (rows.length > 0) this.#changed.fire(rows)
    if (this.#isAllDirty) this.#dirty.clear()
    else for (const id of ids) this.#dirty.delete(id)
    if (mayUnfolded) this.#drewUnfolded = now
    this.#isAllDirty = false
    if (this.#dirty.size > 0) this.#timer = setTimeout(() => this.#flush(), refreshMs)
  }

  /** Every unfolded task is asked about at once; between two of them others have their turn. */
  #inTurn(): Promise<void> {
    this.#turn = this.#turn.then(() => new Promise((resolve) => setImmediate(resolve)))
    return this.#turn
  }

  #forget(place: string, run: string): void {
    const id = idOf(place, run)
    this.#opened.get(id)?.dispose()
    this.#opened.delete(id)
    for (const key of [...this.#rows.keys()]) {
      if (key === id || key.startsWith(`${id}\n`)) this.#rows.delete(key)
    }
  }
}

function idOf(...path: readonly string[]): string {
  return path.join("\n")
}

/** Enter, or a click, shows all that is known of the step. */
function opening(item: TreeItem, { place, run, step }: StepAt & { step: string }): TreeItem {
  item.command = { command: "kubeExecutions.showStep", title: "", arguments: [place, run, step] }
  return item
}

/** Its run went while it was about to be drawn; the next look has no such row. */
function gone(node: RunsNode): TreeItem {
  return { id: node.id, label: "" }
}

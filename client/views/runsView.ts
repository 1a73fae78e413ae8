import {
  commands,
  type Disposable,
  type Event,
  EventEmitter,
  type FileDecorationProvider,
  l10n,
  type Memento,
  ThemeColor,
  type TreeView,
  type TreeViewSelectionChangeEvent,
  window,
  workspace,
} from "vscode"
import { filterWords, type RunOrder } from "#core/view/runTree"
import type { PlaceErrorData, PlaceState } from "#engine/protocol"
import { placeName } from "../places/placeName.ts"
import type { Places } from "../places.ts"
import type { LoginPlugins } from "../runs/loginPlugins.ts"
import { placeFault } from "../runs/placeFault.ts"
import type { RunStore } from "../runs/runStore.ts"
import { FailedRuns } from "./failedRuns.ts"
import { staleScheme } from "./runsItem.ts"
import type { RunsNode } from "./runsNode.ts"
import { RunsTree } from "./runsTree.ts"

/** What the view is given beside the runs. */
interface ViewSetting {
  readonly runs: RunStore
  readonly places: Places
  readonly plugins: LoginPlugins
  readonly memory: Memento
}

const firstPauseMs = 2_000
const mostPauseMs = 30_000

/** The view Runs: its tree, what is said in its place while there is nothing to show, its badge. */
export class RunsView implements Disposable {
  readonly #runs: RunStore
  readonly #places: Places
  readonly #plugins: LoginPlugins
  readonly #tree: RunsTree
  readonly #view: TreeView<RunsNode>
  readonly #failed: FailedRuns
  readonly #disposables: readonly Disposable[]
  #asked = 0
  #fault: PlaceErrorData | undefined
  #state = ""
  #filter = ""
  #pause = firstPauseMs
  #retry: NodeJS.Timeout | undefined

  constructor({ runs, places, plugins, memory }: ViewSetting) {
    this.#runs = runs
    this.#places = places
    this.#plugins = plugins
    this.#tree = new RunsTree(runs)
    this.#view = window.createTreeView("kubeExecutions.runs", {
      treeDataProvider: this.#tree,
      showCollapseAll: true,
      canSelectMany: true,
    })
    this.#failed = new FailedRuns(memory)
    const decorations = staleDecorations(runs)
    this.#disposables = [
      this.#tree,
      this.#view,
      decorations,
      window.registerFileDecorationProvider(decorations),
      runs.onDidChange(({ place, stale }) => {
        // A lost place is opened again by itself, whatever an attempt from here was told meanwhile.
        const isBack = this.#fault && place.id === places.current?.id && stale === undefined
        if (isBack) this.#settle(++this.#asked, undefined)
        else this.#show()
      }),
      this.#view.onDidCollapseElement(({ element }) => this.#tree.fold(element)),
      this.#view.onDidExpandElement(({ element }) => {
        this.#tree.unfold(element)
        this.#look(element)
      }),
      this.#view.onDidChangeSelection(({ selection }) => {
        for (const row of selection) this.#look(row)
      }),
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#openQuietly()
      }),
      places.onDidChange(() => {
        // A place that is open makes up for the one that could not be opened.
        if (places.current) this.#settle(++this.#asked, undefined)
        else this.#show()
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.reopen()),
      workspace.onDidChangeConfiguration((change) => {
        const names = ["kubeconfig", "context", "namespace"]
        if (names.some((name) => change.affectsConfiguration(`kubeExecutions.${name}`)))
          this.reopen()
      }),
    ]
    if (this.#view.visible) this.#openQuietly()
  }

  get onDidChoose(): Event<TreeViewSelectionChangeEvent<RunsNode>> {
    return this.#view.onDidChangeSelection
  }

  /** Why the place new runs go to is not open. */
  get fault(): PlaceErrorData | undefined {
    return this.#fault
  }

  /** Rows that a command without a row is about. */
  get selection(): readonly RunsNode[] {
    return this.#view.selection
  }

  /** Tries again what failed, and asks again what was refused. */
  reopen(): void {
    clearTimeout(this.#retry)
    this.#plugins.askAnew()
    this.#fault = undefined
    this.#pause = firstPauseMs
    this.#show()
    if (this.#view.visible) this.#openQuietly()
  }

  /** Shows a run, unfolded, or a task or step of it. */
  async reveal(place: string, run: string, task?: string, step?: string): Promise<void> {
    const find = async () => {
      const row = this.#tree.rowOf(place, run)
      return row && task !== undefined ? this.#tree.rowInRun(row, task, step) : row
    }
    let row = await find()
    // What a filter hides is looked for among all.
    if (this.#filter !== "" && (task === undefined || row?.kind === "run")) {
      this.filter = ""
      row = await find()
    }
    if (!row) return
    await this.#view.reveal(row, { select: true, focus: true, expand: row.kind === "run" })
  }

  /** Shows a task, or a step of it; the view is opened for it only if `opens`. */
  async revealStep(
    place: string,
    run: string,
    task: string,
    step: number | null,
    opens = false,
  ): Promise<void> {
    if (!opens && !this.#view.visible) return
    const parent = this.#tree.rowOf(place, run)
    const id = step === null ? undefined : `${task}.${step}`
    const row = parent && (await this.#tree.rowInRun(parent, task, id))
    if (row) await this.#view.reveal(row, { select: true, focus: opens })
  }

  get filter(): string {
    return this.#filter
  }

  set filter(text: string) {
    this.#filter = text.trim()
    this.#tree.look = { ...this.#tree.look, words: filterWords(text) }
    void commands.executeCommand("setContext", "kubeExecutions.runs.isFiltered", text.trim() !== "")
    this.#show()
  }

  get order(): RunOrder {
    return this.#tree.look.order
  }

  set order(order: RunOrder) {
    this.#tree.look = { ...this.#tree.look, order }
  }

  /** Whether tasks stand below what started them. */
  set isDag(isDag: boolean) {
    this.#tree.look = { ...this.#tree.look, isDag }
    void commands.executeCommand("setContext", "kubeExecutions.runs.isDag", isDag)
  }

  dispose(): void {
    clearTimeout(this.#retry)
    for (const one of this.#disposables) one.dispose()
  }

  /** For those who look and asked for nothing: what goes wrong is shown in the view. */
  #openQuietly(): void {
    if (!workspace.isTrusted) {
      this.#show()
      return
    }
    const asked = ++this.#asked
    this.#places.open().then(
      () => this.#settle(asked, undefined),
      (error: unknown) => this.#settle(asked, placeFault(error)),
    )
  }

  #settle(asked: number, fault: PlaceErrorData | undefined): void {
    // Another place may be meant by now.
    if (this.#asked !== asked) return
    const isOther = this.#fault?.kind !== fault?.kind
    this.#fault = fault
    if (fault?.kind === "unreachable" || fault?.kind === "not-ready") {
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => {
        this.#pause = Math.min(this.#pause * 2, mostPauseMs)
        if (this.#view.visible) this.#openQuietly()
      }, this.#pause)
    }
    this.#show()
    if (isOther) this.#tree.refresh()
  }

  #look(row: RunsNode): void {
    if (!("run" in row)) return
    this.#failed.look(row.place, row.run)
    this.#show()
  }

  /** What stands beside and in place of the rows. */
  #show(): void {
    const { places } = this.#runs
    const state = this.#fault?.kind ?? (places.length === 0 ? "loading" : "open")
    // This is called with every change of a run; VS Code hears only of what is different.
    if (state !== this.#state) {
      this.#state = state
      void commands.executeCommand("setContext", "kubeExecutions.runs.state", state)
    }
    const description = this.#description(places)
    if (description !== this.#view.description) this.#view.description = description
    const failed = this.#failed.unseen(places)
    if (failed === (this.#view.badge?.value ?? 0)) return
    this.#view.badge =
      failed === 0
        ? undefined
        : {
            value: failed,
            tooltip:
              failed === 1
                ? l10n.t("1 run failed that nobody looked at yet")
                : l10n.t("{0} runs failed that nobody looked at yet", failed),
          }
  }

  #description(places: readonly PlaceState[]): string {
    if (this.#filter !== "") return l10n.t('filtered by "{0}"', this.#filter)
    if (this.#fault) return shortFault(this.#fault)
    // The row of the place says it too, and has less room.
    const stale = places.find((one) => one.stale !== undefined)?.stale
    if (stale) {
      const since = new Date(stale.since).toLocaleTimeString()
      return l10n.t("since {0} not connected", since)
    }
    const [only] = places
    if (!only || places.some(({ runs }) => runs.length > 0)) return ""
    return placeName(only.place)
  }
}

/** What the sentence of the empty view, which is always the same, cannot name. */
function shortFault({ kind, message, file, line, command }: PlaceErrorData): string {
  const name = file?.split(/[\\/]/).at(-1)
  if (kind === "broken" && name !== undefined) {
    const reason = message.slice(message.lastIndexOf(": ") + 2)
    return line === undefined
      ? `${name}: ${reason}`
      : l10n.t("{0}, line {1}: {2}", name, line, reason)
  }
  return command ?? message
}

function staleDecorations(runs: RunStore): FileDecorationProvider & Disposable {
  const changed = new EventEmitter<undefined>()
  let wasStale = false
  const listener = runs.onDidChange(() => {
    const isStale = runs.places.some(({ stale }) => stale !== undefined)
    if (isStale !== wasStale) changed.fire(undefined)
    wasStale = isStale
  })
  return {
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration: ({ scheme }) =>
      scheme === staleScheme ? { color: new ThemeColor("disabledForeground") } : undefined,
    dispose: () => {
      listener.dispose()
      changed.dispose()
    },
  }
}

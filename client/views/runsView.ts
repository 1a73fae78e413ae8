import {
  type Disposable,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from "vscode"
import { countOf, type PhaseCounts, phaseLooks, type ViewPhase } from "#core/view/phase"
import type { RunSummary } from "#core/view/runSummary"
import type { StepView, TaskView } from "#core/view/statusTree"
import type { PlaceState } from "#engine/protocol"
import { placeOfSettings } from "../places.ts"
import type { RunStore } from "../runs/runStore.ts"

export type RunsNode =
  | { readonly kind: "place"; readonly state: PlaceState }
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "run"; readonly place: string; readonly run: RunSummary }
  | { readonly kind: "task"; readonly place: string; readonly run: string; readonly task: TaskView }
  | { readonly kind: "step"; readonly place: string; readonly run: string; readonly step: StepView }

/** The tree of places, runs, tasks and steps. It shows what the engine pushes and asks for nothing. */
export class RunsView implements Disposable {
  readonly #runs: RunStore
  readonly #changed = new EventEmitter<undefined>()
  readonly #tree: TreeView<RunsNode>
  readonly #listeners: readonly Disposable[]
  /** Runs that were unfolded once. */
  readonly #opened = new Map<string, ReturnType<RunStore["openRun"]>>()
  #opening: Promise<PlaceState> | undefined

  constructor(runs: RunStore) {
    this.#runs = runs
    const refresh = () => this.#changed.fire(undefined)
    this.#listeners = [runs.onDidChange(refresh), runs.onDidChangeRun(refresh)]
    this.#tree = window.createTreeView("kubeExecutions.runs", {
      treeDataProvider: {
        onDidChangeTreeData: this.#changed.event,
        getTreeItem: treeItem,
        getChildren: (node) => this.#children(node),
      },
      showCollapseAll: true,
    })
  }

  /** The place new runs go to, opened on first need. */
  openPlace(): Promise<PlaceState> {
    const place = placeOfSettings()
    this.#opening ??= this.#runs.open(place).catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  dispose(): void {
    for (const listener of [...this.#listeners, ...this.#opened.values()]) listener.dispose()
    this.#tree.dispose()
    this.#changed.dispose()
  }

  async #children(node: RunsNode | undefined): Promise<RunsNode[]> {
    switch (node?.kind) {
      case undefined: {
        try {
          await this.openPlace()
        } catch (error) {
          return [{ kind: "message", text: error instanceof Error ? error.message : String(error) }]
        }
        return this.#runs.places.map((state) => ({ kind: "place", state }))
      }
      case "place": {
        const { place, runs } = node.state
        return runs
          .toSorted((a, b) => (b.createdAt ?? "9").localeCompare(a.createdAt ?? "9"))
          .map((run) => ({ kind: "run", place: place.id, run }))
      }
      case "run": {
        const { place, run } = node
        const id = `${place}/${run.name}`
        const opened = this.#opened.get(id) ?? this.#runs.openRun(place, run.name)
        this.#opened.set(id, opened)
        await opened.opened
        const tasks = this.#runs.run(place, run.name)?.tasks ?? []
        return tasks.map((task) => ({ kind: "task", place, run: run.name, task }))
      }
      case "task":
        return (node.task.steps ?? []).map((step) => ({
          kind: "step",
          place: node.place,
          run: node.run,
          step,
        }))
      case "step":
      case "message":
        return []
    }
  }
}

function treeItem(node: RunsNode): TreeItem {
  switch (node.kind) {
    case "message": {
      const item = new TreeItem(node.text)
      item.iconPath = new ThemeIcon("warning")
      item.tooltip = node.text
      return item
    }
    case "place": {
      const { place, stale, runs } = node.state
      const item = new TreeItem(
        `${place.context} / ${place.namespace}`,
        TreeItemCollapsibleState.Expanded,
      )
      item.id = place.id
      item.contextValue = "place"
      item.iconPath = new ThemeIcon(stale ? "sync-ignored" : "server-environment")
      item.description = stale
        ? `not connected since ${new Date(stale.since).toLocaleTimeString()}`
        : runs.length === 0
          ? "no run yet"
          : ""
      item.tooltip = stale?.message ?? place.server
      return item
    }
    case "run": {
      const { run } = node
      const item = new TreeItem(run.name, TreeItemCollapsibleState.Collapsed)
      item.id = `${node.place}/${run.name}`
      item.contextValue = "run"
      item.iconPath = phaseIcon(run.phase)
      item.description = `${phaseLooks[run.phase].word} ${progress(run.counts)}`
      item.tooltip = [run.message, run.trouble].filter(Boolean).join("\n")
      if (run.trouble) item.iconPath = new ThemeIcon("warning", new ThemeColor("charts.yellow"))
      return item
    }
    case "task": {
      const { task } = node
      const item = new TreeItem(task.name, TreeItemCollapsibleState.Collapsed)
      item.id = `${node.place}/${node.run}/${task.name}`
      item.contextValue = "task"
      item.iconPath = phaseIcon(task.phase)
      if (task.reason) item.tooltip = task.reason.sentence
      item.description = `${phaseLooks[task.phase].word} ${progress(task.counts)}`
      return item
    }
    case "step": {
      const { step } = node
      const item = new TreeItem(step.id)
      item.id = `${node.place}/${node.run}/step/${step.id}`
      item.contextValue = "step"
      item.iconPath = phaseIcon(step.phase)
      item.description = phaseLooks[step.phase].word
      item.tooltip = step.reason?.sentence ?? step.command ?? step.id
      return item
    }
  }
}

function progress(counts: PhaseCounts): string {
  const done = countOf(counts, "succeeded", "reused", "skipped")
  return `${done}/${counts.isTotalKnown ? counts.total : "?"}`
}

function phaseIcon(phase: ViewPhase): ThemeIcon {
  const { icon, color } = phaseLooks[phase]
  return new ThemeIcon(icon, new ThemeColor(color))
}

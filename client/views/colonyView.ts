import {
  commands,
  type Disposable,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from "vscode"
import type { ColonyExecutor, ColonyFile, ColonyFunction, ColonyLook } from "#engine/protocol"
import type { Places } from "../places.ts"
import type { RunStore } from "../runs/runStore.ts"

/** A row of the view Colony; commands read `place`, `id`, `label` and `name` of it. */
export type ColonyRow =
  | { readonly kind: "executors" | "files" | "statistics"; readonly place: string }
  | {
      readonly kind: "executor"
      readonly place: string
      readonly id: string
      readonly executor: ColonyExecutor
    }
  | {
      readonly kind: "function"
      readonly place: string
      readonly id: string
      readonly fun: ColonyFunction
    }
  | {
      readonly kind: "label"
      readonly place: string
      readonly label: string
      readonly files: number
    }
  | ({ readonly kind: "file"; readonly place: string } & ColonyFile)
  | {
      readonly kind: "state"
      readonly place: string
      readonly state: ColonyLook["statistics"][number]
    }
  | { readonly kind: "notice"; readonly text: string }

const { Collapsed, None } = TreeItemCollapsibleState

/** What a colony has beside its runs: looked at when it is shown, and again when that is asked for. */
export class ColonyView implements Disposable {
  readonly #runs: RunStore
  readonly #places: Places
  readonly #changed = new EventEmitter<undefined>()
  readonly #disposables: readonly Disposable[]
  #look: Promise<ColonyLook> | undefined
  #shown = ""

  constructor(runs: RunStore, places: Places) {
    this.#runs = runs
    this.#places = places
    const view = window.createTreeView<ColonyRow>("kubeExecutions.colony", {
      showCollapseAll: true,
      treeDataProvider: {
        onDidChangeTreeData: this.#changed.event,
        getTreeItem: itemOf,
        getChildren: (row) => this.#children(row),
      },
    })
    this.#disposables = [
      this.#changed,
      view,
      places.onDidChange(() => this.#takePlace()),
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.refresh()
      }),
    ]
    this.#takePlace()
  }

  /** Asks the server anew. */
  refresh(): void {
    this.#look = undefined
    this.#changed.fire(undefined)
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose()
  }

  #takePlace(): void {
    const isColony = this.#places.current?.kind === "colonies"
    void commands.executeCommand("setContext", "kubeExecutions.isColony", isColony)
    const shown = this.#places.current?.id ?? ""
    if (shown === this.#shown) return
    this.#shown = shown
    this.refresh()
  }

  async #children(row: ColonyRow | undefined): Promise<ColonyRow[]> {
    const { current } = this.#places
    if (current?.kind !== "colonies") return []
    const place = current.id
    if (row === undefined) {
      return (["executors", "files", "statistics"] as const).map((kind) => ({ kind, place }))
    }
    try {
      return await this.#below(row, place)
    } catch (error) {
      return [{ kind: "notice", text: error instanceof Error ? error.message : String(error) }]
    }
  }

  async #below(row: ColonyRow, place: string): Promise<ColonyRow[]> {
    this.#look ??= this.#runs.call("colony/look", { place })
    this.#look.catch(() => {
      this.#look = undefined
    })
    switch (row.kind) {
      case "executors": {
        const { executors } = await this.#look
        return executors.map((executor) => ({ kind: "executor", place, id: executor.id, executor }))
      }
      case "executor":
        return row.executor.functions.map((fun) => ({ kind: "function", place, id: fun.id, fun }))
      case "files": {
        const { labels } = await this.#look
        return labels.map(({ label, files }) => ({ kind: "label", place, label, files }))
      }
      case "label": {
        const files = await this.#runs.call("colony/files", { place, label: row.label })
        return files.map((file) => ({ kind: "file", place, ...file }))
      }
      case "statistics": {
        const { statistics } = await this.#look
        return statistics.map((state) => ({ kind: "state", place, state }))
      }
      default:
        return []
    }
  }
}

function itemOf(row: ColonyRow): TreeItem {
  const item = madeItem(row)
  item.contextValue = row.kind
  return item
}

function madeItem(row: ColonyRow): TreeItem {
  switch (row.kind) {
    case "executors":
      return item(l10n.t("Executors"), "", "server-process", Collapsed)
    case "files":
      return item(l10n.t("Files"), "", "files", Collapsed)
    case "statistics":
      return item(l10n.t("Statistics"), "", "graph", Collapsed)
    case "executor": {
      const { name, type, state, location, functions, heardAt } = row.executor
      const words = [type, stateWord(state), location].filter(Boolean).join(", ")
      const made = item(name, words, "server", functions.length > 0 ? Collapsed : None)
      made.iconPath = new ThemeIcon(
        state === "approved" ? "vm-active" : "vm-outline",
        new ThemeColor(state === "approved" ? "testing.iconPassed" : "disabledForeground"),
      )
      made.tooltip = heardAt
        ? l10n.t("Asked for work last at {time}", { time: new Date(heardAt).toLocaleString() })
        : l10n.t("Never asked for work")
      return made
    }
    case "function": {
      const { name, description, calls } = row.fun
      const made = item(name, l10n.t("{calls} calls", { calls }), "symbol-method", None)
      made.tooltip = description
      return made
    }
    case "label": {
      const words = row.files === 1 ? l10n.t("1 file") : l10n.t("{0} files", row.files)
      return item(row.label, words, "folder", Collapsed)
    }
    case "file": {
      const made = item(row.name, l10n.t("{0} bytes", row.size.toLocaleString()), "file", None)
      made.tooltip = `SHA-256 ${row.checksum}`
      return made
    }
    case "state": {
      const { state, processes, workflows } = row.state
      const words = l10n.t("{processes} processes, {workflows} workflows", { processes, workflows })
      return item(state, words, "circle-outline", None)
    }
    case "notice": {
      const made = item(row.text, "", "warning", None)
      made.tooltip = row.text
      return made
    }
  }
}

function item(
  label: string,
  description: string,
  icon: string,
  state: TreeItemCollapsibleState,
): TreeItem {
  const made = new TreeItem(label, state)
  made.description = description
  made.iconPath = new ThemeIcon(icon)
  return made
}

function stateWord(state: ColonyExecutor["state"]): string {
  switch (state) {
    case "pending":
      return l10n.t("not approved yet")
    case "approved":
      return l10n.t("approved")
    case "rejected":
      return l10n.t("rejected")
    case "unregistered":
      return l10n.t("gone")
  }
}

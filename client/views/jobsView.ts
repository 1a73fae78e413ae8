import { type Disposable, EventEmitter, ThemeColor, ThemeIcon, TreeItem, window } from "vscode"
import { phaseLooks } from "#core/view/phase"
import type { PlainJobView } from "#core/view/plainJob"
import type { RunStore } from "../runs/runStore.ts"

/** Jobs and CronJobs beside the runs: shown live, never touched. */
export function createJobsView(runs: RunStore): Disposable {
  const changed = new EventEmitter<undefined>()
  const tree = window.createTreeView<PlainJobView>("kubeExecutions.jobs", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: treeItem,
      getChildren: (job) => {
        if (job) return []
        return runs.places
          .flatMap(({ plain }) => plain)
          .toSorted((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""))
      },
    },
  })
  const listener = runs.onDidChange(() => changed.fire(undefined))
  return {
    dispose: () => {
      listener.dispose()
      tree.dispose()
      changed.dispose()
    },
  }
}

function treeItem({ kind, name, phase, detail, owner }: PlainJobView): TreeItem {
  const { word, icon, color } = phaseLooks[phase]
  const item = new TreeItem(name)
  item.id = `${kind}/${name}`
  item.contextValue = kind
  item.iconPath =
    kind === "CronJob" ? new ThemeIcon("history") : new ThemeIcon(icon, new ThemeColor(color))
  item.description = kind === "CronJob" ? `CronJob, ${detail}` : `${word} ${detail}`
  item.tooltip = owner ? `made by the CronJob "${owner}"` : `${kind} "${name}"`
  return item
}

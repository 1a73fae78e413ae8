import {
  type Disposable,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from "vscode"
import { phaseLooks } from "#core/view/phase"
import type { PlainJobView } from "#core/view/plainJob"
import { pageSize } from "#core/view/runTree"
import { phaseWord } from "../phaseWord.ts"
import type { RunStore } from "../runs/runStore.ts"

type JobRow =
  | { readonly kind: "job"; readonly place: string; readonly job: PlainJobView }
  | { readonly kind: "more"; readonly count: number }

/** Jobs and CronJobs beside the runs: shown live, a CronJob with the Jobs it made, never touched. */
export function createJobsView(runs: RunStore): Disposable {
  const changed = new EventEmitter<undefined>()
  const tree = window.createTreeView<JobRow>("kubeExecutions.jobs", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: (row) =>
        row.kind === "more" ? moreItem(row.count) : jobItem(row.place, row.job),
      getChildren: (row) => {
        if (row?.kind === "more") return []
        const all = runs.places.flatMap(({ place, plain }) =>
          plain.map((job) => ({ kind: "job", place: place.id, job }) as const),
        )
        const crons = new Set(all.map(({ place, job }) => nameOf(place, job)))
        const isBelow = ({ place, job }: (typeof all)[number]) =>
          row
            ? row.job.kind === "CronJob" && row.place === place && job.owner === row.job.name
            : job.owner === null || !crons.has(nameOf(place, { kind: "CronJob", name: job.owner }))
        const shown = all
          .filter(isBelow)
          .sort((a, b) => (b.job.createdAt ?? "").localeCompare(a.job.createdAt ?? ""))
        const count = shown.length - pageSize
        return count > 0 ? [...shown.slice(0, pageSize), { kind: "more", count }] : shown
      },
    },
  })
  // Everything that is told of a place comes by; only other Jobs than before are drawn.
  let known = ""
  const listener = runs.onDidChangePlace(({ plain }) => {
    if (plain) changed.fire(undefined)
  })
  const opened = runs.onDidChange(() => {
    const ids = runs.places.map(({ place }) => place.id).join("\n")
    if (ids !== known) changed.fire(undefined)
    known = ids
  })
  return {
    dispose: () => {
      for (const one of [listener, opened, tree, changed]) one.dispose()
    },
  }
}

function nameOf(place: string, { kind, name }: Pick<PlainJobView, "kind" | "name">): string {
  return `${place}\n${kind}/${name}`
}

function jobItem(place: string, job: PlainJobView): TreeItem {
  const { kind, name, phase, detail, owner } = job
  const { icon, color } = phaseLooks[phase]
  const isCron = kind === "CronJob"
  const { Collapsed, None } = TreeItemCollapsibleState
  const item = new TreeItem(name, isCron ? Collapsed : None)
  item.id = nameOf(place, job)
  item.contextValue = kind
  item.iconPath = isCron ? new ThemeIcon("history") : new ThemeIcon(icon, new ThemeColor(color))
  item.description = isCron ? `CronJob, ${detail}` : `${phaseWord(phase)} ${detail}`
  item.tooltip = owner ? l10n.t('made by the CronJob "{0}"', owner) : `${kind} "${name}"`
  return item
}

function moreItem(count: number): TreeItem {
  const item = new TreeItem(l10n.t("{0} more", count))
  item.iconPath = new ThemeIcon("ellipsis")
  return item
}

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
import type { TryView } from "#core/view/attempts"
import { lengthText } from "#core/view/length"
import { phaseLooks, type ViewPhase } from "#core/view/phase"
import type { PlainJobView } from "#core/view/plainJob"
import { pageSize } from "#core/view/runTree"
import { phaseWord } from "../phaseWord.ts"
import { OpenedJobs } from "../runs/openedJobs.ts"
import type { RunStore } from "../runs/runStore.ts"
import { tooltipOf } from "./runsItem.ts"

type JobRow =
  | { readonly kind: "job"; readonly place: string; readonly job: PlainJobView }
  | {
      readonly kind: "pod"
      readonly place: string
      readonly job: PlainJobView
      readonly pod: TryView
    }
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "more"; readonly count: number }

/**
 * Jobs and CronJobs beside the runs: shown live, a CronJob with the Jobs it made, a Job with its
 * pods, never touched. The pods of a Job are watched while its row is unfolded.
 */
export function createJobsView(runs: RunStore): Disposable {
  const changed = new EventEmitter<undefined>()
  const opened = new OpenedJobs(runs)
  const tree = window.createTreeView<JobRow>("kubeExecutions.jobs", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: itemOf,
      getChildren: async (row) => {
        if (row === undefined) return page(topRows(runs))
        if (row.kind !== "job") return []
        return page(row.job.kind === "CronJob" ? rowsOfCron(runs, row) : await podRows(opened, row))
      },
    },
  })
  let timer: NodeJS.Timeout | undefined
  const drawSoon = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      changed.fire(undefined)
    }, drawMs)
  }
  // Everything that is told of a place comes by; only other Jobs than before are drawn.
  let known = ""
  const parts = [
    opened,
    tree,
    changed,
    opened.onDidChange(drawSoon),
    runs.onDidChangePlace(({ place, plain }) => {
      if (!plain) return
      opened.keepOnly(place, new Set(plain.map(({ name }) => name)))
      changed.fire(undefined)
    }),
    runs.onDidChange(() => {
      const ids = runs.places.map(({ place }) => place.id).join("\n")
      if (ids !== known) changed.fire(undefined)
      known = ids
    }),
    tree.onDidCollapseElement(({ element }) => {
      if (element.kind === "job") opened.close(element.place, element.job.name)
    }),
  ]
  return {
    dispose: () => {
      clearTimeout(timer)
      for (const one of parts) one.dispose()
    },
  }
}

/** Pods are drawn anew at most this often, however fast they come and go. */
const drawMs = 250

type PlainRow = Extract<JobRow, { readonly kind: "job" }>

function allRows(runs: RunStore): readonly PlainRow[] {
  return runs.places
    .flatMap(({ place, plain }) =>
      plain.map((job) => ({ kind: "job", place: place.id, job }) as const),
    )
    .sort((a, b) => (b.job.createdAt ?? "").localeCompare(a.job.createdAt ?? ""))
}

/** What no CronJob that is there has made. */
function topRows(runs: RunStore): readonly PlainRow[] {
  const all = allRows(runs)
  const crons = new Set(all.map(({ place, job }) => nameOf(place, job)))
  return all.filter(
    ({ place, job: { owner } }) =>
      owner === null || !crons.has(nameOf(place, { kind: "CronJob", name: owner })),
  )
}

function rowsOfCron(runs: RunStore, { place, job }: PlainRow): readonly PlainRow[] {
  return allRows(runs).filter((one) => one.place === place && one.job.owner === job.name)
}

async function podRows(
  opened: OpenedJobs,
  { place, job }: PlainRow,
): Promise<readonly (JobRow & { kind: "pod" | "notice" })[]> {
  try {
    const { jobs } = await opened.view(place, job.name)
    const [detail] = jobs
    const pods = (detail?.pods ?? [])
      .toReversed()
      .map((pod) => ({ kind: "pod", place, job, pod }) as const)
    if (pods.length > 0) return pods
    return [{ kind: "notice", text: detail?.waits ?? l10n.t("no pod yet") }]
  } catch (error) {
    return [{ kind: "notice", text: error instanceof Error ? error.message : String(error) }]
  }
}

function page(rows: readonly JobRow[]): JobRow[] {
  const count = rows.length - pageSize
  return count > 0 ? [...rows.slice(0, pageSize), { kind: "more", count }] : [...rows]
}

function nameOf(place: string, { kind, name }: Pick<PlainJobView, "kind" | "name">): string {
  return `${place}\n${kind}/${name}`
}

function itemOf(row: JobRow): TreeItem {
  switch (row.kind) {
    case "job":
      return jobItem(row.place, row.job)
    case "pod":
      return podItem(row)
    case "notice": {
      const item = new TreeItem(row.text)
      item.iconPath = new ThemeIcon("info")
      return item
    }
    case "more": {
      const item = new TreeItem(l10n.t("{0} more", row.count))
      item.iconPath = new ThemeIcon("ellipsis")
      return item
    }
  }
}

function jobItem(place: string, job: PlainJobView): TreeItem {
  const { kind, name, phase, detail, owner } = job
  const isCron = kind === "CronJob"
  const item = new TreeItem(name, TreeItemCollapsibleState.Collapsed)
  item.id = nameOf(place, job)
  item.contextValue = kind
  item.iconPath = isCron ? new ThemeIcon("history") : phaseIcon(phase)
  item.description = isCron ? `CronJob, ${detail}` : `${phaseWord(phase)} ${detail}`
  item.tooltip = owner ? l10n.t('made by the CronJob "{0}"', owner) : `${kind} "${name}"`
  return item
}

/** Enter, or a click, shows the pods of its Job over time. */
function podItem(row: Extract<JobRow, { readonly kind: "pod" }>): TreeItem {
  const { place, job, pod } = row
  const { phase, node, startedAt, createdAt, finishedAt, reason, detail } = pod
  // All begin with the name of the Job above them; what tells them apart must not be cut off.
  const isLong = pod.pod.startsWith(`${job.name}-`)
  const item = new TreeItem(isLong ? `…${pod.pod.slice(job.name.length + 1)}` : pod.pod)
  item.id = `${nameOf(place, job)}\n${pod.pod}`
  item.contextValue = "pod"
  item.iconPath = phaseIcon(phase)
  const start = startedAt ?? createdAt
  const span = (finishedAt === null ? Date.now() : Date.parse(finishedAt)) - Date.parse(start ?? "")
  const why = reason ?? detail?.waits ?? undefined
  item.description = [
    phaseWord(phase),
    detail && detail.index !== null ? l10n.t("index {0}", detail.index) : undefined,
    start === null ? undefined : lengthText(span),
    why,
  ]
    .filter(Boolean)
    .join(" · ")
  item.accessibilityInformation = { label: `${pod.pod}, ${item.description}` }
  item.tooltip = tooltipOf([
    `"${pod.pod}": ${phaseWord(phase)}`,
    why,
    node && l10n.t("node: {0}", node),
    startedAt && l10n.t("started {0}", new Date(startedAt).toLocaleString()),
    finishedAt && l10n.t("ended {0}", new Date(finishedAt).toLocaleString()),
  ])
  item.command = {
    command: "kubeExecutions.showSequence",
    title: "",
    arguments: [{ place, job }],
  }
  return item
}

function phaseIcon(phase: ViewPhase): ThemeIcon {
  const { icon, color } = phaseLooks[phase]
  return new ThemeIcon(icon, new ThemeColor(color))
}

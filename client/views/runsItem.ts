import {
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
} from "vscode"
import type { AttemptView } from "#core/view/attempts"
import { lengthText } from "#core/view/length"
import { countOf, phaseLooks, type ViewPhase } from "#core/view/phase"
import type { RunSummary } from "#core/view/runSummary"
import { phaseCounts } from "#core/view/runTree"
import type { StepView, TaskView } from "#core/view/statusTree"
import type { PlaceState } from "#engine/protocol"
import { agoText } from "../agoText.ts"
import { phaseWord } from "../phaseWord.ts"
import { placeIcon, placeName } from "../places/placeName.ts"
import { plainMarkdown } from "./plainMarkdown.ts"
import type { RunsNode } from "./runsNode.ts"

const { Collapsed, Expanded, None } = TreeItemCollapsibleState

/** Rows of places that are out of date are drawn dimmed by their scheme. */
export const staleScheme = "kube-executions-stale"

interface Row {
  readonly label: string
  readonly description?: string
  readonly icon: ThemeIcon
  readonly state: TreeItemCollapsibleState
  readonly context: string
  readonly phase?: ViewPhase
}

/** The item of a row; its tooltip is made when it is asked for. */
export function itemOf(node: RunsNode, row: Row, isStale: boolean): TreeItem {
  const item = new TreeItem(row.label, row.state)
  item.id = node.id
  item.contextValue = row.context
  item.iconPath = isStale
    ? new ThemeIcon(row.icon.id, new ThemeColor("disabledForeground"))
    : row.icon
  if (row.description !== undefined) item.description = row.description
  if (isStale) item.resourceUri = Uri.from({ scheme: staleScheme, path: `/${node.id}` })
  // What the tooltip will say is not read out with each row.
  const spoken = [row.label, row.description].filter(Boolean).join(", ")
  item.accessibilityInformation = { label: spoken }
  return item
}

export function placeRow({ place, stale, runs, cutAt }: PlaceState): Row {
  const since = stale && new Date(stale.since).toLocaleTimeString()
  return {
    label: placeName(place),
    description: since
      ? l10n.t("not connected since {0}, trying again", since)
      : runs.length === 0
        ? l10n.t("no run yet")
        : cutAt === undefined
          ? ""
          : l10n.t("{most} of each state", { most: cutAt }),
    icon: new ThemeIcon(stale ? "sync-ignored" : placeIcon(place.kind)),
    state: Expanded,
    context: "place",
  }
}

/** `place`: what kind of place it is in; drivers are a matter of clusters alone. */
export function runRow(
  run: RunSummary,
  now: number,
  place: PlaceState["place"]["kind"] | undefined,
): Row {
  const isLive = run.finishedAt === null
  const failed = countOf(run.counts, "failed")
  const ago =
    run.createdAt === null || isLive ? undefined : agoText(now - Date.parse(run.createdAt))
  return {
    label: run.name,
    description: joined(
      `${phaseWord(run.phase)} ${progress(run)}`,
      failed > 0 && run.phase !== "succeeded" ? l10n.t("{0} failed", failed) : undefined,
      took(run.startedAt, run.finishedAt, now),
      ago,
    ),
    icon: run.trouble
      ? new ThemeIcon("warning", new ThemeColor("charts.yellow"))
      : phaseIcon(run.phase),
    state: Collapsed,
    context: [
      `run ${isLive ? "live" : "over"} ${run.phase}`,
      place === "kube" && run.driver ? ` driver-${run.driver.kind}` : "",
    ].join(""),
  }
}

export function taskRow(task: TaskView, now: number, state: TreeItemCollapsibleState): Row {
  const { counts, phase, reason } = task
  const isMany = counts.total > 1 || !counts.isTotalKnown
  const failed = countOf(counts, "failed")
  const waits = phase === "waiting" || phase === "queued" || phase === "unknown"
  return {
    label: task.name,
    description: task.isWanted
      ? joined(
          isMany ? `${phaseWord(phase)} ${progress(task)}` : phaseWord(phase),
          isMany && failed > 0 ? l10n.t("{0} failed", failed) : undefined,
          took(task.startedAt, task.finishedAt, now),
          waits || (phase === "failed" && !isMany) ? reason?.sentence : undefined,
        )
      : l10n.t("left out"),
    icon: phaseIcon(phase),
    state,
    context: `task ${phase}`,
  }
}

export function stepRow(step: StepView, now: number): Row {
  return {
    label: step.id,
    description: joined(
      phaseWord(step.phase),
      took(step.startedAt, step.finishedAt, now),
      step.reason?.sentence,
    ),
    icon: phaseIcon(step.phase),
    state: step.attempts.length > 0 ? Collapsed : None,
    context: `step ${step.phase}`,
  }
}

export function attemptRow(attempt: AttemptView, now: number): Row {
  return {
    label: l10n.t("attempt {0}", attempt.attempt),
    description: joined(
      phaseWord(attempt.phase),
      took(attempt.createdAt, attempt.finishedAt, now),
      attempt.job,
    ),
    icon: phaseIcon(attempt.phase),
    state: attempt.tries.length > 0 ? Collapsed : None,
    context: `attempt ${attempt.phase}`,
  }
}

export function tryRow(attempt: AttemptView, pod: string, now: number): Row {
  const index = attempt.tries.findIndex((one) => one.pod === pod)
  const one = attempt.tries[index]
  const phase = one?.phase ?? "unknown"
  return {
    label: l10n.t("try {0}", index + 1),
    description: joined(
      phaseWord(phase),
      one && took(one.startedAt ?? one.createdAt, one.finishedAt, now),
      one?.reason ?? undefined,
      pod,
    ),
    icon: phaseIcon(phase),
    state: None,
    context: `try ${phase}`,
  }
}

export function stepsRow(task: TaskView): Row {
  const counts = phaseCounts(task.steps ?? [])
  return {
    label: l10n.t("steps"),
    description: counts
      .map(({ phase, count }) => `${count} ${phaseWord(phase).toLowerCase()}`)
      .join(", "),
    icon: new ThemeIcon("list-unordered"),
    state: Collapsed,
    context: "steps",
  }
}

export function groupRow(phase: ViewPhase, count: number): Row {
  return {
    label: `${count} ${phaseWord(phase).toLowerCase()}`,
    icon: phaseIcon(phase),
    state: Collapsed,
    context: "group",
  }
}

export function linkRow(task: string, isAbove: boolean): Row {
  return {
    label: task,
    description: isAbove ? l10n.t("shown above") : l10n.t("shown below"),
    icon: new ThemeIcon("references"),
    state: None,
    context: "link",
  }
}

export function moreRow(count: number): Row {
  return {
    label: l10n.t("{0} more, filter to find", count.toLocaleString()),
    icon: new ThemeIcon("ellipsis"),
    state: None,
    context: "more",
  }
}

export function noticeRow(text: string, fault: string): Row {
  return {
    label: text,
    icon: new ThemeIcon(fault === "forbidden" ? "shield" : "warning"),
    state: None,
    context: `notice ${fault}`,
  }
}

/** Several lines of a tooltip. What clusters say is text, whatever it looks like. */
export function tooltipOf(lines: readonly (string | null | undefined)[]): MarkdownString {
  return new MarkdownString(lines.flatMap((line) => (line ? plainMarkdown(line) : [])).join("\n\n"))
}

export function placeTooltip({ place, stale, cutAt }: PlaceState): MarkdownString {
  return tooltipOf([
    place.caution,
    place.server,
    place.kubeconfig,
    cutAt === undefined
      ? undefined
      : l10n.t(
          "There are more runs: of each state the server lists {most} processes and {most} workflows, of those that are over the newest.",
          { most: cutAt },
        ),
    stale?.message,
  ])
}

export function runTooltip(run: RunSummary, place: PlaceState | undefined): MarkdownString {
  const { stale } = place ?? {}
  return tooltipOf([
    `"${run.name}": ${phaseWord(run.phase)}`,
    run.message || run.reason,
    run.message === run.reason ? undefined : run.reason,
    run.trouble,
    run.resumedFrom && l10n.t('goes on from "{0}"', run.resumedFrom),
    run.startedAt && l10n.t("started {0}", localTime(run.startedAt)),
    run.finishedAt && l10n.t("ended {0}", localTime(run.finishedAt)),
    place && placeName(place.place),
    stale && l10n.t("as of {0}: {1}", new Date(stale.since).toLocaleTimeString(), stale.message),
  ])
}

export function taskTooltip(task: TaskView): MarkdownString {
  return tooltipOf([
    `"${task.name}": ${phaseWord(task.phase)}`,
    task.reason?.sentence,
    task.runsAgain,
    task.startedAt && l10n.t("started {0}", localTime(task.startedAt)),
    task.finishedAt && l10n.t("ended {0}", localTime(task.finishedAt)),
  ])
}

export function stepTooltip(step: StepView): MarkdownString {
  const last = step.attempts.at(-1)?.tries.at(-1)
  return tooltipOf([
    `"${step.id}": ${phaseWord(step.phase)}`,
    step.reason?.sentence,
    step.runsAgain,
    step.command && l10n.t("command: {0}", step.command.slice(0, 500)),
    last?.node && l10n.t("node: {0}", last.node),
    last && l10n.t("pod: {0}", last.pod),
    step.startedAt && l10n.t("started {0}", localTime(step.startedAt)),
    step.finishedAt && l10n.t("ended {0}", localTime(step.finishedAt)),
  ])
}

function localTime(time: string): string {
  return new Date(time).toLocaleString()
}

function progress({ counts }: Pick<RunSummary, "counts">): string {
  const done = countOf(counts, "succeeded", "reused", "skipped")
  return `${done}/${counts.isTotalKnown ? counts.total : `${counts.total}+`}`
}

function took(start: string | null, end: string | null, now: number): string | undefined {
  if (start === null) return undefined
  return lengthText((end === null ? now : Date.parse(end)) - Date.parse(start))
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(" · ")
}

function phaseIcon(phase: ViewPhase): ThemeIcon {
  const { icon, color } = phaseLooks[phase]
  return new ThemeIcon(icon, new ThemeColor(color))
}

import { lengthText } from "#core/view/length"
import { tickStep } from "#core/view/sequence/scale"
import type { StepDetail } from "#core/view/stepDetail"
import { stepTimes, type TimeKind, type TimeRow, timeSums } from "#core/view/stepTimes"
import { clockText } from "../shared/clock.ts"
import { element } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import { t } from "../shared/words.ts"
import type { Draw } from "./model.ts"

/** A row for each try, all on one scale, and what the parts add up to. */
export function timesSection(detail: StepDetail, { theme, now }: Draw): readonly HTMLElement[] {
  const rows = stepTimes(detail.task, detail.step, detail.begin)
  const begin = rows[0]?.segments[0]?.from
  const end = Math.max(...rows.flatMap(({ segments }) => segments.map(({ to }) => to ?? now)))
  if (begin === undefined || !(end > begin)) return []
  const isLive = rows.some(({ segments }) => segments.some(({ to }) => to === undefined))
  const share = (time: number) => `${(((time - begin) / (end - begin)) * 100).toFixed(3)}%`
  const sums = timeSums(rows, now)
  const hasAttempts = new Set(rows.map(({ attempt }) => attempt)).size > 1
  const lines = rows.flatMap((row) => {
    const track = element("div", { class: "track" })
    for (const { kind, from, to } of row.segments) {
      const part = element("i", { class: `part ${kind} phase-${row.phase}`, title: spanWord(kind) })
      part.style.insetInlineStart = share(from)
      part.style.width = `${((Math.max(0, (to ?? now) - from) / (end - begin)) * 100).toFixed(3)}%`
      track.append(part)
    }
    const last = row.segments.at(-1)
    if (row.phase === "failed" && last?.to !== undefined) {
      const sign = phaseSign("failed", theme, 14)
      sign.style.insetInlineStart = share(last.to)
      track.append(sign)
    }
    const total = timeSums([row], now).total
    return [
      element("span", { class: "name" }, nameOf(row, hasAttempts)),
      track,
      element("span", { class: "total" }, lengthText(total)),
    ]
  })
  const span = isLive
    ? t("{begin} → now · {length}", { begin: clockText(begin), length: lengthText(end - begin) })
    : t("{begin} → {end} · {length}", {
        begin: clockText(begin),
        end: clockText(end),
        length: lengthText(end - begin),
      })
  return [
    element(
      "section",
      { class: "times" },
      element("h2", {}, t("Where the time went"), element("span", { class: "aside" }, span)),
      element(
        "div",
        { class: "rows", role: "img", "aria-label": spoken(rows, now, hasAttempts) },
        ...lines,
        element("span", {}),
        axis(begin, end),
        element("span", {}),
      ),
      element("div", { class: "keys" }, ...keys(detail, rows, sums)),
    ),
  ]
}

function axis(begin: number, end: number): HTMLElement {
  const step = tickStep((end - begin) / 6)
  const line = element("div", { class: "axis" })
  for (let at = Math.ceil(begin / step) * step; at <= end; at += step) {
    const mark = element("b", {}, step < 60_000 ? clockText(at) : clockText(at).slice(0, 5))
    mark.style.insetInlineStart = `${(((at - begin) / (end - begin)) * 100).toFixed(3)}%`
    line.append(mark)
  }
  return line
}

function keys(
  detail: StepDetail,
  rows: readonly TimeRow[],
  sums: ReturnType<typeof timeSums>,
): readonly HTMLElement[] {
  const parts = rows.flatMap(({ segments }) => segments.map(({ kind }) => kind))
  const has = (...kinds: readonly TimeKind[]) => parts.some((kind) => kinds.includes(kind))
  const phase = rows.at(-1)?.phase ?? detail.step.phase
  const key = (kind: TimeKind, word: string, length: number) =>
    element(
      "span",
      {},
      element("i", { class: `part ${kind} phase-${phase}` }),
      word,
      element("b", {}, lengthText(length)),
    )
  const [only, second] = detail.waitedFor
  const forWhom =
    only !== undefined && second === undefined
      ? t('waited for "{name}"', { name: only.name })
      : detail.waitedFor.length > 0
        ? t("waited for {count} others", { count: detail.waitedFor.length })
        : t("before its Job was there")
  return [
    ...(has("tasks") ? [key("tasks", forWhom, sums.tasks)] : []),
    ...(has("between") ? [key("between", t("between tries"), sums.between)] : []),
    ...(has("wait") ? [key("wait", t("waited for a node"), sums.waited)] : []),
    ...(has("pull", "init", "setup") ? [key("setup", t("image pull, start"), sums.cold)] : []),
    ...(has("work", "failed")
      ? [key(has("failed") ? "failed" : "work", t("work"), sums.work)]
      : []),
  ]
}

function nameOf({ attempt, tryNumber, pod }: TimeRow, hasAttempts: boolean): string {
  if (hasAttempts) return t("{attempt}.{number}", { attempt, number: tryNumber })
  return pod === null && tryNumber === 1 ? t("Job") : t("Try {number}", { number: tryNumber })
}

function spanWord(kind: TimeKind): string {
  switch (kind) {
    case "tasks":
      return t("waits for others")
    case "between":
      return t("between tries")
    case "wait":
      return t("waits for a node")
    case "pull":
      return t("pulls the image")
    case "init":
      return t("init containers")
    case "setup":
      return t("starts")
    case "work":
      return t("work")
    case "failed":
      return t("work, in vain")
  }
}

/** The picture for who does not see it. */
function spoken(rows: readonly TimeRow[], now: number, hasAttempts: boolean): string {
  return rows
    .map((row) => {
      const parts = row.segments.map(
        ({ kind, from, to }) => `${spanWord(kind)} ${lengthText((to ?? now) - from)}`,
      )
      return `${nameOf(row, hasAttempts)}: ${parts.join(", ")}`
    })
    .join("; ")
}

import { countOf, phaseLooks, type ViewPhase } from "#core/view/phase"
import type { RunView, StepView } from "#core/view/statusTree"
import type { EventView, PlaceInfo } from "#engine/protocol"
import { age, duration } from "./duration.ts"
import { eventLines } from "./eventLines.ts"
import { donePhases, durationOf, oneLine, taskColumns, taskRow } from "./runTable.ts"
import { table } from "./table.ts"
import { count, visible } from "./words.ts"

/** Of a step that failed in thousands of ways the first ones say it. */
const mostSteps = 20
const mostEvents = 20

/** A run as a page to read: who it is, how it stands and why, its tasks, its events. */
export function describeText(
  run: RunView,
  info: PlaceInfo,
  events: readonly EventView[],
  now: number,
): string {
  const phase = phaseLooks[run.phase].word
  const message = run.message === "" ? "" : `: ${oneLine(run.message)}`
  const facts: [string, string][] = [
    ["Name", visible(run.name)],
    ["Place", visible(`${info.context} / ${info.namespace} (${info.server})`)],
    ["Phase", `${phase}${message}`],
    ["Trouble", run.trouble === undefined ? "" : oneLine(run.trouble)],
    ["Driver", driverOf(run)],
    ["Created", moment(run.createdAt, now)],
    ["Started", moment(run.startedAt, now)],
    ["Ended", run.finishedAt === null ? "" : moment(run.finishedAt, now)],
    ["Duration", durationOf(run, now)],
    ["Steps", stepsOf(run)],
    ["Resumed from", run.resumedFrom === null ? "" : visible(run.resumedFrom)],
  ]
  const known = facts.filter(([, value]) => value !== "")
  const width = Math.max(...known.map(([name]) => name.length)) + 1
  const shown = run.tasks.map((task) => taskRow(task, now))
  const lines = [
    ...known.map(([name, value]) => `${`${name}:`.padEnd(width)}  ${value}`),
    "",
    "Tasks:",
    ...table(taskColumns, shown).map((line) => `  ${line}`),
    ...stepLines(run, info, now),
    "",
    ...eventPart(events, now),
  ]
  return `${lines.join("\n")}\n`
}

function driverOf({ driver }: RunView): string {
  switch (driver?.kind) {
    case "here":
      return "the engine of this machine"
    case "elsewhere":
      return visible(driver.name ?? "")
    case "coming":
      return "none yet"
    case "none":
      return "none"
    case undefined:
      return ""
  }
}

function stepsOf({ counts }: RunView): string {
  const done = countOf(counts, ...donePhases)
  const of = `${done} of ${count(counts.total, "step")}${counts.isTotalKnown ? "" : " or more"} done`
  const others = (
    ["failed", "stopped", "running", "queued", "waiting", "reused", "skipped"] as const
  )
    .map((phase) => [countOf(counts, phase), phaseLooks[phase].word.toLowerCase()] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
  return [of, ...others].join(", ")
}

/** The steps that somebody may have to do something about, each with the evidence. */
function stepLines(run: RunView, info: PlaceInfo, now: number): readonly string[] {
  const telling = run.tasks.flatMap(({ steps }) => (steps ?? []).filter(isTelling))
  if (telling.length === 0) return []
  const shown = telling.slice(0, mostSteps)
  const more = telling.length - shown.length
  return [
    "",
    "Steps that failed or are held up:",
    ...shown.flatMap((step) => oneStep(step, info, now)),
    ...(more > 0 ? [`  and ${more} more; get ${visible(run.name)} -o wide lists every step`] : []),
  ]
}

const bad: readonly ViewPhase[] = ["failed", "stopped"]

function isTelling({ phase, reason }: StepView): boolean {
  return bad.includes(phase) || reason?.isStuck === true
}

function oneStep(step: StepView, { kind }: PlaceInfo, now: number): readonly string[] {
  const { id, phase, command, reason, attempts } = step
  const last = attempts.at(-1)
  const one = last?.tries.at(-1)
  const where = (
    kind === "colonies"
      ? [last && `attempt ${last.attempt}`, one?.node && `executor ${one.node}`]
      : [
          last && `Job ${last.job}, attempt ${last.attempt}`,
          one && `pod ${one.pod}`,
          one?.node && `node ${one.node}`,
        ]
  ).filter(Boolean)
  const evidence = (reason?.evidence ?? []).filter(({ source }) => source !== "status")
  return [
    `  ${visible(id)}  ${phaseLooks[phase].word}: ${oneLine(reason?.sentence ?? "")}`,
    ...(command === null ? [] : [`    Command: ${oneLine(command)}`]),
    ...(where.length === 0 ? [] : [`    Seen in: ${visible(where.join(", "))}`]),
    ...(one?.startedAt ? [`    Ran for: ${ranFor(one, now)}`] : []),
    ...evidence.map(({ object, text }) => `    ${visible(object)} says: ${oneLine(text)}`),
  ]
}

function ranFor(one: StepView["attempts"][number]["tries"][number], now: number): string {
  const end = one.finishedAt === null ? now : Date.parse(one.finishedAt)
  const time = duration(end - Date.parse(one.startedAt ?? ""))
  return one.exitCode === null ? `${time} so far` : `${time}, exit code ${one.exitCode}`
}

function eventPart(events: readonly EventView[], now: number): readonly string[] {
  if (events.length === 0) return ["Events: none"]
  const shown = events.slice(-mostEvents)
  const left = events.length - shown.length
  return [
    left > 0 ? `Events (the last ${mostEvents} of ${events.length}):` : "Events:",
    ...eventLines(shown, now, undefined).map((line) => `  ${line}`),
  ]
}

/** `2026-11-21 14:30:14 (3m ago)`, by the clock of whoever looks. */
function moment(time: string | null, now: number): string {
  if (time === null) return ""
  const date = new Date(time)
  const two = (number: number) => String(number).padStart(2, "0")
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const hour = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")
  return `${day} ${hour} (${age(now - date.getTime())} ago)`
}

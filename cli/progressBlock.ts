import { countOf, phaseLooks, type ViewPhase } from "#core/view/phase"
import type { RunView, TaskView } from "#core/view/statusTree"
import type { Paint, Style } from "./colors.ts"
import { age, duration } from "./duration.ts"
import { signOf } from "./locale.ts"
import { doneOf, donePhases, durationOf, oneLine } from "./runTable.ts"
import { cut } from "./table.ts"
import { textWidth } from "./textWidth.ts"
import { count } from "./words.ts"

export interface BlockSetting {
  readonly now: number
  readonly columns: number
  /** At most so many lines. */
  readonly lines: number
  readonly utf8: boolean
  readonly paint: Paint
}

/** A run as one block of lines: what is done, what failed, what runs, what comes next, and the bar. */
export function progressBlock(run: RunView, setting: BlockSetting): readonly string[] {
  const { lines, utf8, paint } = setting
  const tasks = run.tasks.filter((task) => task.isWanted)
  const sorted = order.flatMap((group) => tasks.filter((task) => group.includes(task.phase)))
  const room = lines - 1
  const done = sorted.filter((task) => donePhases.includes(task.phase))
  const open = sorted.slice(done.length)
  const isFolded = sorted.length > room
  const shown = isFolded ? open.slice(0, room - 2) : sorted
  const hidden = isFolded ? open.length - shown.length : 0
  const names = Math.min(24, Math.max(0, ...shown.map(({ name }) => textWidth(name))))
  const counts = Math.max(0, ...shown.map((task) => doneOf(task.counts).length))
  const folded =
    isFolded && done.length > 0
      ? [paint("green", `${signOf("succeeded", utf8)} ${count(done.length, "task")} done`)]
      : []
  return [
    ...folded,
    ...shown.map((task) => taskLine(task, run, names, counts, setting)),
    ...(hidden > 0 ? [`  and ${hidden} more tasks`] : []),
    barLine(run, setting),
  ]
}

const order: readonly (readonly ViewPhase[])[] = [
  donePhases,
  ["failed", "stopped"],
  ["running"],
  ["queued"],
  ["suspended", "waiting", "unknown"],
  ["not-started"],
]

const styles: Partial<Readonly<Record<ViewPhase, Style>>> = {
  succeeded: "green",
  reused: "green",
  failed: "red",
  stopped: "yellow",
  suspended: "yellow",
  running: "cyan",
}

export function phasePaint(phase: ViewPhase, text: string, paint: Paint): string {
  const style = styles[phase]
  return style === undefined ? text : paint(style, text)
}

function taskLine(
  task: TaskView,
  run: RunView,
  names: number,
  counts: number,
  { now, columns, utf8, paint }: BlockSetting,
): string {
  const isOver = run.finishedAt !== null
  const name = cut(oneLine(task.name), names)
  const time = durationOf(task, isOver ? Date.parse(run.finishedAt ?? "") : now)
  const sign = signOf(task.phase, utf8)
  const rest = [
    name + " ".repeat(names - textWidth(name)),
    doneOf(task.counts).padStart(counts),
    time.padStart(6),
    detail(task),
  ]
  const line = cut(`${sign} ${rest.join("  ").trimEnd()}`, columns)
  return phasePaint(task.phase, line.slice(0, sign.length), paint) + line.slice(sign.length)
}

/** `1 failed, 4 running`, and why when something has to be done about it. */
function detail({ counts, phase, reason }: TaskView): string {
  const parts = (["failed", "stopped", "running", "queued", "skipped"] as const).flatMap((one) => {
    const number = countOf(counts, one)
    const isAll = one === phase && number === counts.total && one !== "failed"
    return number === 0 || isAll ? [] : [`${number} ${phaseLooks[one].word.toLowerCase()}`]
  })
  const why = reason ? oneLine(reason.sentence) : ""
  return [parts.join(", "), why].filter(Boolean).join(": ")
}

function barLine(run: RunView, { now, columns, utf8, paint }: BlockSetting): string {
  const { counts } = run
  const done = countOf(counts, ...donePhases)
  const words = [doneOf(counts), durationOf(run, now), outlook(run, now)].filter(Boolean).join("  ")
  const cells = Math.max(0, Math.min(40, columns - textWidth(words) - 2))
  const full = counts.total === 0 ? 0 : Math.floor((cells * done) / counts.total)
  const [on, off] = utf8 ? ["█", "░"] : ["#", "."]
  return `${phasePaint(run.phase, on.repeat(full), paint)}${off.repeat(cells - full)}  ${words}`
}

/** What is to be expected, as far as anything can be known. */
function outlook(run: RunView, now: number): string {
  const busy = countOf(run.counts, "running", "queued")
  if (run.finishedAt !== null) return phaseLooks[run.phase].word.toLowerCase()
  if (run.phase === "failed" || run.phase === "stopped") {
    return busy === 0 ? "ends" : `${count(busy, "step")} still finishing`
  }
  if (run.phase === "suspended") return "suspended"
  const left = timeLeft(run, now)
  return left === undefined ? "" : `about ${roughly(left)} left`
}

/** At the pace of the steps that ended in this run; too few of them tell nothing. */
function timeLeft({ counts, startedAt }: RunView, now: number): number | undefined {
  const ended = countOf(counts, "succeeded")
  if (!counts.isTotalKnown || startedAt === null || ended < 3) return undefined
  const left = counts.total - countOf(counts, ...donePhases)
  return ((now - Date.parse(startedAt)) / ended) * left
}

function roughly(milliseconds: number): string {
  const fives = Math.max(1, Math.round(milliseconds / 5_000)) * 5_000
  if (fives < 60_000) return duration(fives)
  const minutes = Math.round(milliseconds / 60_000)
  return minutes < 60 ? age(minutes * 60_000) : duration(minutes * 60_000)
}

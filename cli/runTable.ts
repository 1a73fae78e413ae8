import { countOf, phaseLooks, type ViewPhase } from "#core/view/phase"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView, TaskView } from "#core/view/statusTree"
import { age, duration } from "./duration.ts"
import type { Column } from "./table.ts"
import { visible } from "./words.ts"

/** The rows of `get`. */
export const runColumns: readonly Column[] = [
  { head: "NAME" },
  { head: "PHASE" },
  { head: "DONE", isNumber: true },
  { head: "FAILED", isNumber: true },
  { head: "AGE", isNumber: true },
  { head: "DURATION", isNumber: true },
  { head: "MESSAGE" },
]

export function runRow(run: RunSummary, now: number): readonly string[] {
  return [
    run.name,
    phaseLooks[run.phase].word,
    doneOf(run.counts),
    String(countOf(run.counts, "failed")),
    run.createdAt === null ? "" : age(now - Date.parse(run.createdAt)),
    durationOf(run, now),
    oneLine(run.message),
  ]
}

/** What `-o wide` adds to a run: before the message, which may be long. */
export const wideRunColumns: readonly Column[] = [
  ...runColumns.slice(0, -1),
  { head: "RUNNING", isNumber: true },
  { head: "WAITING", isNumber: true },
  { head: "TASKS", isNumber: true },
  { head: "RESUMED FROM" },
  { head: "MESSAGE" },
]

export function wideRunRow(run: RunSummary, now: number): readonly string[] {
  const row = runRow(run, now)
  return [
    ...row.slice(0, -1),
    String(countOf(run.counts, "running")),
    String(countOf(run.counts, "waiting", "queued", "suspended")),
    String(run.taskCount),
    run.resumedFrom ?? "",
    row.at(-1) ?? "",
  ]
}

/** The rows of `get NAME`. */
export const taskColumns: readonly Column[] = [
  { head: "TASK" },
  { head: "PHASE" },
  { head: "DONE", isNumber: true },
  { head: "WAITED", isNumber: true },
  { head: "COLD", isNumber: true },
  { head: "WORK", isNumber: true },
  { head: "REASON" },
]

export function taskRow(task: TaskView, now: number): readonly string[] {
  const times = timesOf(task, now)
  const said = (time: number | undefined) => (time === undefined ? "" : duration(time))
  return [
    task.name,
    task.isWanted ? phaseLooks[task.phase].word : "Left out",
    task.isWanted ? doneOf(task.counts) : "",
    said(times?.waited),
    said(times?.cold),
    said(times?.work),
    reasonOf(task),
  ]
}

/** The rows of `get NAME -o wide`: every step. */
export const stepColumns: readonly Column[] = [
  { head: "STEP" },
  { head: "PHASE" },
  { head: "ATTEMPT", isNumber: true },
  { head: "WAITED", isNumber: true },
  { head: "COLD", isNumber: true },
  { head: "WORK", isNumber: true },
  { head: "NODE" },
  { head: "JOB" },
  { head: "REASON" },
]

export function stepRows(task: TaskView, now: number): readonly (readonly string[])[] {
  if (task.steps === null) {
    const unknown = stepColumns.slice(3).map(() => "")
    return [[`${task.name}.?`, phaseLooks[task.phase].word, ...unknown, reasonOf(task)]]
  }
  return task.steps.map((step) => {
    const last = step.attempts.at(-1)
    const times = sumOfTimes([step], now)
    const said = (time: number | undefined) => (time === undefined ? "" : duration(time))
    return [
      step.id,
      phaseLooks[step.phase].word,
      last === undefined ? "" : String(last.attempt),
      said(times?.waited),
      said(times?.cold),
      said(times?.work),
      last?.tries.at(-1)?.node ?? "",
      last?.job ?? "",
      oneLine(step.reason?.sentence ?? ""),
    ]
  })
}

/** Steps that need nothing more; what runs again after a retry is not done. */
export const donePhases: readonly ViewPhase[] = ["succeeded", "reused", "skipped"]

/** `103/128`, with `+` where more steps may come. */
export function doneOf(counts: RunView["counts"]): string {
  return `${countOf(counts, ...donePhases)}/${counts.total}${counts.isTotalKnown ? "" : "+"}`
}

export function durationOf(run: Pick<RunView, "startedAt" | "finishedAt">, now: number): string {
  if (run.startedAt === null) return ""
  const end = run.finishedAt === null ? now : Date.parse(run.finishedAt)
  return duration(end - Date.parse(run.startedAt))
}

export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, " ").trim())
}

function reasonOf(task: TaskView): string {
  return oneLine(task.reason?.sentence ?? task.runsAgain ?? "")
}

interface Times {
  readonly waited: number
  readonly cold: number
  readonly work: number
}

/** Summed over all tries of all steps: until a node was found, until a command ran, and running. */
function timesOf({ steps }: TaskView, now: number): Times | undefined {
  return sumOfTimes(steps ?? [], now)
}

function sumOfTimes(steps: NonNullable<TaskView["steps"]>, now: number): Times | undefined {
  let waited = 0
  let cold = 0
  let work = 0
  let isSeen = false
  for (const { attempts } of steps) {
    for (const { tries, createdAt: jobAt, finishedAt: jobEnd } of attempts) {
      for (const [index, one] of tries.entries()) {
        isSeen = true
        const begin = at(index === 0 ? (jobAt ?? one.createdAt) : one.createdAt) ?? now
        const end = at(one.finishedAt) ?? at(jobEnd) ?? now
        const started = at(one.startedAt) ?? end
        const scheduled = Math.min(at(one.scheduledAt) ?? started, started)
        waited += Math.max(0, scheduled - begin)
        cold += Math.max(0, started - scheduled)
        work += Math.max(0, end - started)
      }
    }
  }
  return isSeen ? { waited, cold, work } : undefined
}

function at(time: string | null): number | undefined {
  return time === null ? undefined : Date.parse(time)
}

import type { TaskState } from "#core/view/graphState"
import { lengthText } from "#core/view/length"
import { countOf, type PhaseCounts, phaseLooks, type ViewPhase } from "#core/view/phase"
import { countText, t } from "../shared/words.ts"
import { heldUp, type Model, phaseOf } from "./model.ts"
import type { Head } from "./protocol.ts"

/** The line under a task's name. */
export function stateLine(model: Model, task: number, now: number): string {
  const { steps = 1 } = model.picture.tasks[task] ?? {}
  const state = model.hasRun ? model.tasks[task] : undefined
  if (state === undefined) return stepsInWords(steps)
  const { counts, phase } = state
  if (phase === "skipped" || phase === "stopped") return state.reason ?? word(phase)
  const time = timeOf(state, now)
  if (steps === null) return state.reason ?? t("? steps")
  if (steps !== 1 && isBegun(counts)) {
    const failed = countOf(counts, "failed")
    const done = t("{done} of {total}", { done: doneOf(counts), total: counts.total })
    if (failed > 0) return `${done} · ${t("{count} failed", { count: failed })}`
    return time === undefined ? done : `${done} · ${time}`
  }
  if (phase === "reused") return word(phase)
  if (phase === "waiting" || phase === "queued") return state.reason ?? word(phase)
  const again = state.attempts > 1 ? ` · ${t("attempt {number}", { number: state.attempts })}` : ""
  return `${time ?? word(phase)}${again}`
}

function stepsInWords(steps: number | null): string {
  if (steps === null) return t("? steps")
  return steps === 1 ? t("1 step") : t("{count} steps", { count: steps })
}

function isBegun(counts: PhaseCounts): boolean {
  return counts.total > countOf(counts, "waiting", "not-started", "unknown")
}

export function doneOf(counts: PhaseCounts): number {
  return countOf(counts, "succeeded", "reused", "skipped")
}

function timeOf(
  { startedAt, finishedAt, phase }: Pick<TaskState, "startedAt" | "finishedAt" | "phase">,
  now: number,
): string | undefined {
  if (startedAt === null || (finishedAt === null && phase !== "running")) return undefined
  return lengthText((finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt))
}

export function word(phase: ViewPhase): string {
  return t(phaseLooks[phase].word)
}

/** What stands below the picture for the task that was chosen. */
export function selectionLine(
  model: Model,
  task: number,
  step: number | null,
  now: number,
): string {
  const state = model.hasRun ? model.tasks[task] : undefined
  const parts: string[] = []
  const name = model.picture.tasks[task]?.name ?? ""
  if (state === undefined) parts.push(`${stepsInWords(model.picture.tasks[task]?.steps ?? null)}.`)
  else {
    parts.push(sentence(countsLine(state, now)))
    if (state.reason !== null) {
      const who = state.reasonStep === null ? name : `${name}.${state.reasonStep}`
      parts.push(sentence(`${who} ${state.reason}`))
    }
    const held = state.phase === "failed" ? heldUp(model, task) : 0
    if (held > 0) parts.push(`${heldLine(held, true)}.`)
  }
  if (step !== null) {
    const first = model.firstStep[task] as number
    parts.unshift(`${name}.${step}: ${word(stepWord(model, first + step))}.`)
  }
  return parts.join(" ")
}

function stepWord(model: Model, step: number): ViewPhase {
  return phasesInOrder[model.phases[step] as number] ?? "waiting"
}

const phasesInOrder = Object.keys(phaseLooks) as ViewPhase[]

export function heldLine(count: number, isSentence: boolean): string {
  if (isSentence) {
    return count === 1 ? t("Holds up 1 task") : t("Holds up {count} tasks", { count })
  }
  return count === 1 ? t("holds up 1 task") : t("holds up {count} tasks", { count })
}

/** "16 of 24 done, 4 running, 3 not started". */
function countsLine(state: TaskState, now: number): string {
  const { counts, phase } = state
  const time = timeOf(state, now)
  if (!counts.isTotalKnown) return t("The number of steps is not known yet")
  if (counts.total <= 1) return time === undefined ? word(phase) : `${word(phase)} · ${time}`
  const parts = [t("{done} of {total} done", { done: doneOf(counts), total: counts.total })]
  for (const one of ["failed", "stopped", "running", "queued", "waiting", "not-started"] as const) {
    const count = counts.byPhase[one] ?? 0
    if (count > 0) parts.push(`${count} ${word(one).toLowerCase()}`)
  }
  if (time !== undefined) parts.push(time)
  return parts.join(", ")
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** Beside the name of a run: counts, time and place. */
export function headLine(head: Head, now: number): string {
  const { counts } = head
  const still = countOf(counts, "running", "queued")
  const parts: string[] = []
  if ((head.phase === "failed" || head.phase === "stopped") && still > 0) {
    parts.push(
      still === 1
        ? t("1 step still finishing")
        : t("{count} steps still finishing", { count: countText(still) }),
    )
  }
  const done = doneOf(counts)
  const all = countText(counts.total)
  const total = counts.isTotalKnown ? all : t("{count} or more", { count: all })
  parts.push(t("{done} of {total} steps done", { done: countText(done), total }))
  if (head.startedAt !== null) {
    const end = head.finishedAt === null ? now : Date.parse(head.finishedAt)
    parts.push(lengthText(end - Date.parse(head.startedAt)))
  }
  parts.push(head.place)
  if (head.isChanged) parts.push(t("the text has changed since"))
  return parts.join(" · ")
}

/** "align, failed, 16 of 24, waits for trim and index-ref". */
export function spoken(model: Model, task: number, now: number): string {
  const { name = "" } = model.picture.tasks[task] ?? {}
  const parts = [name]
  if (model.hasRun) parts.push(word(phaseOf(model, task)).toLowerCase())
  parts.push(stateLine(model, task, now))
  const { start, node } = model.graph.in
  const sources: string[] = []
  for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
    sources.push(model.picture.tasks[node[k] as number]?.name ?? "")
  }
  if (sources.length > 0) parts.push(t("waits for {names}", { names: listed(sources) }))
  return parts.join(", ")
}

function listed(names: readonly string[]): string {
  if (names.length > 8) {
    return t("{names} and {count} more", {
      names: names.slice(0, 7).join(", "),
      count: names.length - 7,
    })
  }
  const last = names.at(-1) ?? ""
  if (names.length === 1) return last
  return t("{names} and {last}", { names: names.slice(0, -1).join(", "), last })
}

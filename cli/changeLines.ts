import { phaseLooks, type ViewPhase } from "#core/view/phase"
import type { RunView, StepView } from "#core/view/statusTree"
import { oneLine } from "./runTable.ts"

/** What was told of each step, by id. */
export type Told = Map<string, string>

/** So many steps of a task that do the same at once are one line. */
const mostApart = 3

/** A line for each change since the last call, without the time: `align.17 failed: …`. */
export function changeLines(run: RunView, told: Told): readonly string[] {
  return run.tasks.flatMap((task) => {
    const changed = (task.steps ?? []).filter((step) => {
      const now = told.get(step.id)
      const next = keyOf(step)
      if (next === undefined || next === now) return false
      told.set(step.id, next)
      return true
    })
    return phaseOrder.flatMap((phase) => {
      const same = changed.filter((step) => step.phase === phase)
      if (same.length > mostApart && foldable.includes(phase)) {
        return [`${oneLine(task.name)}: ${same.length} steps ${wordOf(phase)}`]
      }
      return same.map((step) => `${oneLine(step.id)} ${phrase(step)}`)
    })
  })
}

const phaseOrder: readonly ViewPhase[] = [
  "reused",
  "queued",
  "running",
  "succeeded",
  "skipped",
  "stopped",
  "failed",
]
const foldable: readonly ViewPhase[] = ["reused", "running", "succeeded", "skipped", "stopped"]

/** Some reasons begin with the phase already: `reused from …`. */
function phrase({ phase, reason }: StepView): string {
  const word = wordOf(phase)
  const sentence = oneLine(reason?.sentence ?? "")
  if (sentence === "") return word
  return sentence.startsWith(word) ? sentence : `${word}: ${sentence}`
}

function wordOf(phase: ViewPhase): string {
  return phaseLooks[phase].word.toLowerCase()
}

/** Waiting is no news; being queued is when something has to be done about it. */
function keyOf({ phase, reason, attempts }: StepView): string | undefined {
  if (!phaseOrder.includes(phase)) return undefined
  if (phase === "queued" && !reason?.isStuck) return undefined
  return `${phase} ${attempts.length} ${reason?.sentence ?? ""}`
}

import { listOf, objectOf, textOf } from "../plan/json.ts"
import { annotations } from "../plan/labels.ts"
import type { RunState, TaskState } from "./runState.ts"

/** What stands at a run whose files come from a colony and go back to it. */
export interface ColonyNote {
  readonly from: "colony"
  readonly claim: string
  /** They bring the files and send them back. */
  readonly tasks: readonly [first: string, last: string]
}

/** Files that the steps of a run left and that did not go back, because nothing starts after a failure. */
export interface UnsentFiles {
  readonly claim: string
  /** The task that would have sent them. */
  readonly task: string
  /** It began, so some of them may have gone back. */
  readonly isBegun: boolean
}

/** Undefined where there are none: nothing was to be sent, all was, or no step left anything. */
export function unsentFiles({ observed, plan, tasks }: RunState): UnsentFiles | undefined {
  const note = noteOf(observed.metadata.annotations[annotations.files])
  if (note === undefined) return undefined
  const [first, last] = note.tasks
  const named = (name: string) => tasks[plan.tasks.findIndex(({ spec }) => spec.name === name)]
  const sender = named(last)
  if (sender === undefined || sender.isDone) return undefined
  const movers = [named(first), sender]
  const isLeft = tasks.some(
    (task) => task !== undefined && !movers.includes(task) && hasBegun(task),
  )
  return isLeft ? { claim: note.claim, task: last, isBegun: hasBegun(sender) } : undefined
}

/** To follow the sentence that says why the run failed. */
export function unsentSentence(files: UnsentFiles | undefined): string {
  if (files === undefined) return ""
  const sent = files.isBegun ? "may not all have gone back" : "was not sent back"
  return `; what its steps left ${sent} to the colony: it is on the claim "${files.claim}"`
}

function hasBegun({ states }: TaskState): boolean {
  return states.some(
    (state) =>
      state.kind === "active" ||
      state.kind === "ended" ||
      (state.kind === "settled" && state.vertex.phase !== "Skipped"),
  )
}

function noteOf(text: string | undefined): ColonyNote | undefined {
  if (text === undefined) return undefined
  try {
    const note = objectOf(JSON.parse(text))
    const [first, last] = listOf(note.tasks).map(textOf)
    const claim = textOf(note.claim)
    if (note.from !== "colony" || claim === undefined) return undefined
    return first && last ? { from: "colony", claim, tasks: [first, last] } : undefined
  } catch {
    return undefined
  }
}

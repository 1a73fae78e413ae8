import { countOf, phaseLooks } from "#core/view/phase"
import type { RunView, StepView } from "#core/view/statusTree"
import { EngineGone } from "./engineLine.ts"
import type { Io } from "./io.ts"
import { type LivePlace, withPlace } from "./livePlace.ts"
import { logText } from "./logText.ts"
import { nextCommand, type PlaceValues } from "./placeOptions.ts"
import { type Progress, progressFor } from "./progress.ts"
import { Refusal } from "./refusal.ts"
import { donePhases, durationOf, oneLine } from "./runTable.ts"
import { count, quote, visible } from "./words.ts"

export interface FollowOptions {
  /** Where what the steps print goes; undefined: it is not printed. */
  readonly log: "stdout" | "stderr" | undefined
}

/**
 * Shows a run until it is over and answers its last view; undefined when Ctrl+C was typed first.
 * An engine that ends on the way is started again, and the run with it.
 */
export async function followRun(
  name: string,
  values: PlaceValues,
  { log }: FollowOptions,
  io: Io,
): Promise<RunView | undefined> {
  const progress = progressFor(io)
  let stopListening = () => {}
  const interrupted = new Promise<undefined>((resolve) => {
    stopListening = io.onInterrupt(() => resolve(undefined))
  })
  let since: number | undefined
  try {
    for (;;) {
      try {
        const following = withPlace(values, io, (place) =>
          // Here too, so that the line to the engine is closed.
          Promise.race([followIn(place, name, progress, log, since, io), interrupted]),
        )
        return await Promise.race([following, interrupted])
      } catch (error) {
        if (!(error instanceof EngineGone)) throw error
        since ??= io.now()
        progress.warn("The engine of this machine ended; another one takes the run over.")
      }
    }
  } finally {
    stopListening()
    progress.end()
  }
}

async function followIn(
  place: LivePlace,
  name: string,
  progress: Progress,
  log: FollowOptions["log"],
  since: number | undefined,
  io: Io,
): Promise<RunView> {
  const { engine } = place
  const warn = () => {
    const stale = place.stale()
    progress.warn(stale === undefined ? undefined : `${stale} What is shown may be old.`)
  }
  warn()
  const stopWarning = place.onChange(warn)
  let isSeen = false
  const ended = place.until(name, (run) => {
    // Right after the start the engine may not have told of it yet.
    if (!run && isSeen) return "deleted" as const
    if (!run) return undefined
    isSeen = true
    progress.show(run)
    return run.finishedAt === null ? undefined : run
  })
  // The engine may go while something else is waited for; that one tells of it then.
  ended.catch(() => {})
  const printed = new Promise<void>((resolve) => {
    if (log === undefined) return resolve()
    engine.onNotification("log/text", ({ step, lines }) => {
      progress.print(logText(`${visible(step)} | `, lines, io[log].isTerminal), log)
    })
    engine.onNotification("log/end", () => resolve())
  })
  if (log !== undefined) {
    const sinceSeconds =
      since === undefined ? undefined : Math.max(1, Math.ceil((io.now() - since) / 1000))
    await place.until(name, (run) => run)
    const options = { follow: true, ...(sinceSeconds === undefined ? {} : { sinceSeconds }) }
    await engine.call("log/open", { place: place.info.id, run: name, log: name, options })
  }
  const run = await ended
  stopWarning()
  if (run === "deleted") throw new Refusal(`${quote(name)} was deleted.`)
  await Promise.race([printed, engine.gone])
  return run
}

/** How a run ended, and the next command to type. */
export function lastLines(run: RunView, values: PlaceValues, io: Io): string {
  const { name, phase, counts } = run
  const done = countOf(counts, ...donePhases)
  const word = phaseLooks[phase].word.toLowerCase()
  const time = durationOf(run, io.now())
  const message = run.message === "" || phase === "succeeded" ? "" : `: ${oneLine(run.message)}`
  const end = `${quote(name)} ${word}${time ? ` after ${time}` : ""}, ${done} of ${count(counts.total, "step")} done${message}`
  return `${end}\nNext: ${nextCommand(nextWords(run, values), values, io)}\n`
}

function nextWords(run: RunView, { place }: PlaceValues): string {
  const name = visible(run.name)
  // What a Colonies server was made to give up cannot go on.
  if (run.phase === "stopped" && place !== "colonies") return `retry ${name}`
  if (run.phase !== "failed") return `logs ${name}`
  const step = run.tasks.flatMap(({ steps }) => steps ?? []).find(hasFailedWithLog)
  return step ? `logs ${name} --step ${step.id}` : `describe ${name}`
}

function hasFailedWithLog({ phase, attempts }: StepView): boolean {
  const last = attempts.at(-1)?.tries.at(-1)
  return (
    phase === "failed" && last !== undefined && (last.startedAt !== null || last.exitCode !== null)
  )
}

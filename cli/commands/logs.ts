import type { RunView } from "#core/view/statusTree"
import type { LogOptions } from "#engine/protocol"
import { command } from "../command.ts"
import { readDuration } from "../duration.ts"
import type { ExitCode } from "../io.ts"
import { didYouMean, findWholeRun, oneName, withPlace } from "../livePlace.ts"
import { logText } from "../logText.ts"
import { anyPlaceOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { oneLine } from "../runTable.ts"
import { quote, visible } from "../words.ts"

export const logs = command({
  name: "logs",
  summary: "Print what the steps of a run printed",
  usage: ["NAME [--step S] [-f] [--previous] [--timestamps] [OPTION…]"],
  details: ["Of all steps each line begins with the step's name; of one step it does not."],
  options: {
    ...anyPlaceOptions,
    step: { kind: "value", placeholder: "S", help: "a step (align.17) or a task (align)" },
    follow: { kind: "flag", short: "f", help: "go on until the run is over" },
    previous: { kind: "flag", short: "p", help: "what was printed before the last restart" },
    timestamps: { kind: "flag", help: "the time before each line" },
    since: { kind: "value", placeholder: "TIME", help: "only of the last 10m, 2h, 30s …" },
    tail: { kind: "value", placeholder: "N", help: "only the last N lines of each step" },
  },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    const since = values.since === undefined ? undefined : readDuration(values.since)
    if (values.since !== undefined && !since) {
      throw new Refusal(`--since is a time such as 10m, 2h or 30s, not ${quote(values.since)}.`, 2)
    }
    if (values.tail !== undefined && !/^\d+$/.test(values.tail)) {
      throw new Refusal(`--tail is a number of lines, not ${quote(values.tail)}.`, 2)
    }
    if (values.previous && values.follow) {
      throw new Refusal("What was printed before a restart cannot be followed; leave out -f.", 2)
    }
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      if (place.info.kind === "local") refuseTimes(values)
      const run = await findWholeRun(place, name)
      if (values.step !== undefined) refuseUnknownStep(run, values.step)
      const options: LogOptions = {
        follow: values.follow === true,
        ...(values.step === undefined ? {} : { step: values.step }),
        ...(values.previous ? { previous: true } : {}),
        ...(values.timestamps ? { timestamps: true } : {}),
        ...(since === undefined ? {} : { sinceSeconds: since }),
        ...(values.tail === undefined ? {} : { tailLines: Number(values.tail) }),
      }
      let isSilent = true
      const isPrefixed = !isOneStep(run, values.step)
      const { engine } = place
      engine.onNotification("log/text", ({ step, lines }) => {
        isSilent = false
        const prefix = isPrefixed ? `${visible(step)} | ` : ""
        io.stdout.write(logText(prefix, lines, io.stdout.isTerminal))
      })
      const ended = new Promise<void>((resolve) =>
        engine.onNotification("log/end", () => resolve()),
      )
      await engine.call("log/open", { place: place.info.id, run: name, log: name, options })
      await Promise.race([ended, engine.gone])
      if (isSilent) io.stderr.write(`${whySilent(run, values.step, options)}\n`)
      return 0
    })
  },
})

/** The lines lie in a file as they were printed. */
function refuseTimes(values: { readonly timestamps?: boolean; readonly since?: string }): void {
  for (const option of ["timestamps", "since"] as const) {
    if (values[option] === undefined || values[option] === false) continue
    const instead = option === "since" ? "; --tail N prints the last N lines" : ""
    throw new Refusal(
      `This machine keeps what steps print without the time of each line, so there is no --${option} here${instead}.`,
      2,
    )
  }
}

function refuseUnknownStep(run: RunView, step: string): void {
  const names = run.tasks.flatMap((task) => [task.name, ...(task.steps ?? []).map(({ id }) => id)])
  if (names.includes(step)) return
  throw new Refusal(
    `${quote(run.name)} has no step and no task ${quote(step)}.${didYouMean(step, names)}`,
  )
}

function isOneStep(run: RunView, step: string | undefined): boolean {
  if (step === undefined) return false
  const task = run.tasks.find(({ name }) => name === step)
  return task === undefined || task.steps?.length === 1
}

/** Nothing was printed: because nothing ran yet, or because there is nothing to print. */
function whySilent(run: RunView, wanted: string | undefined, options: LogOptions): string {
  const about = quote(wanted ?? run.name)
  if (options.sinceSeconds !== undefined || options.tailLines === 0) {
    return `${about} printed nothing in that time.`
  }
  if (options.previous) return `${about} did not run before.`
  const task = run.tasks.find(({ name }) => name === wanted)
  const step = run.tasks.flatMap(({ steps }) => steps ?? []).find(({ id }) => id === wanted)
  const why =
    (step ?? task)?.reason?.sentence ??
    (wanted === undefined && run.phase !== "succeeded" ? run.message : "")
  const { finishedAt } = step ?? task ?? run
  if (finishedAt !== null && why === "") return `${about} printed nothing.`
  return `No output yet of ${about}${why === "" ? "." : `: ${oneLine(why)}`}`
}

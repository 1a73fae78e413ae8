import type { ViewPhase } from "#core/view/phase"
import type { RunView } from "#core/view/statusTree"
import { command } from "../command.ts"
import type { ExitCode } from "../io.ts"
import { didYouMean, findWholeRun, oneName, placeName, withPlace } from "../livePlace.ts"
import { nextCommand, placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { waitOptions, wish, withoutView } from "../wish.ts"
import { count, quote, visible } from "../words.ts"

export const retry = command({
  name: "retry",
  summary: "Try again what failed, was stopped or skipped, and what follows",
  usage: ["NAME [--step S] [--from TASK] [--no-wait] [OPTION…]"],
  details: [
    "The spec stays the same: for faults of the world. After mending the spec, run the file with",
    "--resume-from NAME.",
  ],
  options: {
    ...placeOptions,
    step: {
      kind: "value",
      placeholder: "S",
      help: "only this step (align.17) or task (align), and what follows; a,b for several",
    },
    from: { kind: "value", placeholder: "TASK", help: "only this task and all that follow it" },
    ...waitOptions,
  },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      const run = await findWholeRun(place, name)
      const wanted = [...named(run, values.step), ...tasksFrom(run, values.from)]
      const ids = retriable(run, wanted)
      if (ids.length === 0) {
        const about = wanted.length === 0 ? quote(name) : quote(values.step ?? values.from ?? "")
        throw new Refusal(
          `${about} has no step that failed, was stopped or skipped. To run again what succeeded: ${io.program} run FILE --resume-from ${visible(name)} --from TASK`,
        )
      }
      const what = count(ids.length, "step")
      io.stderr.write(`Tries ${what} of ${quote(name)} in ${placeName(place.info)} again.\n`)
      const before = stateOf(run, ids)
      const granted = await wish(
        place,
        {
          run: name,
          kind: "retry",
          ...(wanted.length === 0 ? {} : { steps: wanted }),
          isDone: (now) => now.finishedAt !== run.finishedAt || stateOf(now, ids) !== before,
        },
        !values["no-wait"],
        io,
      )
      if (typeof granted === "string") return withoutView(granted, name, io)
      io.stderr.write(
        `${quote(name)} goes on.\nNext: ${visible(nextCommand(`get ${name} -w`, values, io))}\n`,
      )
      return 0
    })
  },
})

/** The tasks and steps that --step names. */
function named(run: RunView, written: string | undefined): readonly string[] {
  const names = written?.split(",").map((name) => name.trim()) ?? []
  const known = run.tasks.flatMap((task) => [task.name, ...(task.steps ?? []).map(({ id }) => id)])
  for (const name of names) {
    if (known.includes(name)) continue
    throw new Refusal(
      `${quote(run.name)} has no step and no task ${quote(name)}.${didYouMean(name, known)}`,
    )
  }
  return names
}

/** A task and all that depend on it. */
function tasksFrom(run: RunView, from: string | undefined): readonly string[] {
  if (from === undefined) return []
  const names = run.tasks.map(({ name }) => name)
  if (!names.includes(from)) {
    throw new Refusal(`${quote(run.name)} has no task ${quote(from)}.${didYouMean(from, names)}`)
  }
  const reached = new Set([from])
  for (let before = 0; before !== reached.size; ) {
    before = reached.size
    for (const { name, dependencies } of run.tasks) {
      if (dependencies.some(({ task }) => reached.has(task))) reached.add(name)
    }
  }
  return [...reached]
}

const again: readonly ViewPhase[] = ["failed", "stopped", "skipped"]

/** The steps that a retry opens; a task whose steps never came to be stands for itself. */
function retriable(run: RunView, wanted: readonly string[]): readonly string[] {
  return run.tasks.flatMap((task) => {
    const isTask = wanted.length === 0 || wanted.includes(task.name)
    if (task.steps === null) return isTask && again.includes(task.phase) ? [task.name] : []
    return task.steps
      .filter(({ id, phase }) => again.includes(phase) && (isTask || wanted.includes(id)))
      .map(({ id }) => id)
  })
}

function stateOf(run: RunView, ids: readonly string[]): string {
  const wanted = new Set(ids)
  return JSON.stringify(
    run.tasks.map((task) => [
      wanted.has(task.name) ? task.phase : "",
      (task.steps ?? [])
        .filter(({ id }) => wanted.has(id))
        .map(({ phase, attempts }) => [phase, attempts.length]),
    ]),
  )
}

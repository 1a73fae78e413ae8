import { phaseLooks } from "#core/view/phase"
import { command } from "../command.ts"
import { lastLines } from "../followRun.ts"
import type { ExitCode } from "../io.ts"
import { findWholeRun, oneName, placeName, withPlace } from "../livePlace.ts"
import { anyPlaceOptions } from "../placeOptions.ts"
import { logFolder, saveLogs } from "../saveLogs.ts"
import { waitOptions, wish, withoutView } from "../wish.ts"
import { count, quote } from "../words.ts"

export const stop = command({
  name: "stop",
  summary: "End a run and its running steps",
  usage: ["NAME [--logs DIR|--no-logs] [--no-wait] [OPTION…]"],
  details: [
    "What the running steps printed is saved first, for their pods are deleted.",
    "retry goes on from there. What a Colonies server cancels keeps its logs, and cannot go on.",
  ],
  options: {
    ...anyPlaceOptions,
    logs: { kind: "value", placeholder: "DIR", help: "where the logs of running steps are saved" },
    "no-logs": { kind: "flag", help: "save no logs" },
    ...waitOptions,
  },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      const run = await findWholeRun(place, name)
      if (run.finishedAt !== null) {
        const phase = phaseLooks[run.phase].word
        io.stderr.write(`${quote(name)} is over already (${phase}); there is nothing to stop.\n`)
        return 0
      }
      const running = run.tasks
        .flatMap(({ steps }) => steps ?? [])
        .filter(({ phase }) => phase === "running")
        .map(({ id }) => id)
      // A Colonies server keeps what was printed.
      const isLost = place.info.kind !== "colonies" || values.logs !== undefined
      if (running.length > 0 && isLost && !values["no-logs"]) {
        const folder = values.logs ?? logFolder(name, place.info, io)
        const steps = count(running.length, "running step")
        io.stderr.write(`Saves what ${steps} printed in ${quote(folder)}.\n`)
        await saveLogs(place, name, running, folder, io)
      }
      io.stderr.write(`Stops ${quote(name)} in ${placeName(place.info)}.\n`)
      const granted = await wish(
        place,
        { run: name, kind: "stop", isDone: ({ finishedAt }) => finishedAt !== null },
        !values["no-wait"],
        io,
      )
      if (typeof granted === "string") return withoutView(granted, name, io)
      io.stderr.write(lastLines(granted, values, io))
      return 0
    })
  },
})

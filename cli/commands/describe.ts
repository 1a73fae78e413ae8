import { command } from "../command.ts"
import { describeText } from "../describeText.ts"
import type { ExitCode } from "../io.ts"
import { findWholeRun, oneName, withPlace } from "../livePlace.ts"
import { dataText } from "../outputForms.ts"
import { anyPlaceOptions } from "../placeOptions.ts"

export const describe = command({
  name: "describe",
  summary: "Show a run in words: its phase and why, tasks, events",
  usage: ["NAME [-o json|yaml] [OPTION…]"],
  options: {
    ...anyPlaceOptions,
    output: {
      kind: "value",
      short: "o",
      placeholder: "FORMAT",
      choices: ["json", "yaml"],
      help: "json or yaml: all there is to show",
    },
  },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      const run = await findWholeRun(place, name)
      if (values.output !== undefined) {
        io.stdout.write(dataText(values.output, run))
        return 0
      }
      const events = await place.engine.call("run/events", { place: place.info.id, run: name })
      const stale = place.stale()
      if (stale !== undefined) io.stderr.write(`${stale} What is shown may be old.\n`)
      io.stdout.write(describeText(run, place.info, events, io.now()))
      return 0
    })
  },
})

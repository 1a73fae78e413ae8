import { command } from "../command.ts"
import { eventLines } from "../eventLines.ts"
import type { ExitCode } from "../io.ts"
import { findRun, oneName, withPlace } from "../livePlace.ts"
import { dataText } from "../outputForms.ts"
import { anyPlaceOptions } from "../placeOptions.ts"
import { quote } from "../words.ts"

export const events = command({
  name: "events",
  summary: "List what Kubernetes, or a Colonies server, told of a run",
  usage: ["NAME [-o json|yaml] [OPTION…]"],
  details: ["Oldest first. Of Jobs and pods only what went wrong, and what explains a wait."],
  options: {
    ...anyPlaceOptions,
    output: {
      kind: "value",
      short: "o",
      placeholder: "FORMAT",
      choices: ["json", "yaml"],
      help: "json or yaml",
    },
  },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      findRun(place, name)
      const list = await place.engine.call("run/events", { place: place.info.id, run: name })
      if (values.output !== undefined) io.stdout.write(dataText(values.output, list))
      else if (list.length === 0) {
        io.stderr.write(`Of ${quote(name)} nothing was told, or Kubernetes has forgotten it.\n`)
      } else {
        const width = io.stdout.isTerminal ? io.stdout.columns : undefined
        for (const line of eventLines(list, io.now(), width)) io.stdout.write(`${line}\n`)
      }
      return 0
    })
  },
})

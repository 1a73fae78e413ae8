import { command } from "../command.ts"
import type { ExitCode } from "../io.ts"
import { findRun, oneName, placeName, withPlace } from "../livePlace.ts"
import { nextCommand, placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { waitOptions, wish, withoutView } from "../wish.ts"
import { quote, visible } from "../words.ts"

export const resume = command({
  name: "resume",
  summary: "Let a suspended run go on",
  usage: ["NAME [--no-wait] [OPTION…]"],
  options: { ...placeOptions, ...waitOptions },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      const run = findRun(place, name)
      if (run.phase !== "suspended") {
        if (run.finishedAt === null) {
          io.stderr.write(`${quote(name)} is not suspended.\n`)
          return 0
        }
        const retry = visible(nextCommand(`retry ${name}`, values, io))
        throw new Refusal(`${quote(name)} is over. To try again what failed: ${retry}`)
      }
      io.stderr.write(`Resumes ${quote(name)} in ${placeName(place.info)}.\n`)
      const granted = await wish(
        place,
        { run: name, kind: "resume", isDone: ({ phase }) => phase !== "suspended" },
        !values["no-wait"],
        io,
      )
      if (typeof granted === "string") return withoutView(granted, name, io)
      io.stderr.write(`${quote(name)} goes on.\n`)
      return 0
    })
  },
})

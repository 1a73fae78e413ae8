import { countOf, phaseLooks } from "#core/view/phase"
import { command } from "../command.ts"
import type { ExitCode } from "../io.ts"
import { findRun, oneName, placeName, withPlace } from "../livePlace.ts"
import { nextCommand, placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { waitOptions, wish, withoutView } from "../wish.ts"
import { count, quote, visible } from "../words.ts"

export const suspend = command({
  name: "suspend",
  summary: "Let a run start nothing new; running steps finish",
  usage: ["NAME [--no-wait] [OPTION…]"],
  options: { ...placeOptions, ...waitOptions },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      const run = findRun(place, name)
      if (run.phase === "suspended") {
        io.stderr.write(`${quote(name)} is suspended already.\n`)
        return 0
      }
      if (run.finishedAt !== null) {
        const phase = phaseLooks[run.phase].word
        throw new Refusal(`${quote(name)} is over already (${phase}); there is nothing to suspend.`)
      }
      io.stderr.write(`Suspends ${quote(name)} in ${placeName(place.info)}.\n`)
      const granted = await wish(
        place,
        {
          run: name,
          kind: "suspend",
          isDone: ({ phase, finishedAt }) => phase === "suspended" || finishedAt !== null,
        },
        !values["no-wait"],
        io,
      )
      if (typeof granted === "string") return withoutView(granted, name, io)
      if (granted.phase !== "suspended") {
        throw new Refusal(`${quote(name)} came to its end before it was suspended.`)
      }
      const busy = countOf(granted.counts, "running", "queued")
      const rest = busy === 0 ? "" : ` ${count(busy, "step")} still finishing.`
      const next = visible(nextCommand(`resume ${name}`, values, io))
      io.stderr.write(`${quote(name)} starts nothing new.${rest}\nNext: ${next}\n`)
      return 0
    })
  },
})

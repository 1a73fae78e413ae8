import type { RunView } from "#core/view/statusTree"
import { command } from "../command.ts"
import type { ExitCode } from "../io.ts"
import { findRun, oneName, placeName, withPlace } from "../livePlace.ts"
import { placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { quote } from "../words.ts"

export const drive = command({
  name: "drive",
  summary: "Let the engine of this machine move a run forward",
  usage: ["NAME [OPTION…]"],
  details: [
    "For a run whose driver is gone, or that was created by other tools where none is in the cluster.",
  ],
  options: placeOptions,
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      const run = findRun(place, name)
      if (run.finishedAt !== null) throw new Refusal(`${quote(name)} is over; it needs no driver.`)
      // Asked for in any case: what is shown may be a moment old.
      await place.engine.call("run/drive", { place: place.info.id, run: name })
      await place.until(name, (view) => isDriven(view) || undefined)
      const since = run.driver?.kind === "here" ? "already" : "from now on"
      io.stderr.write(
        `The engine of this machine drives ${quote(name)} in ${placeName(place.info)} ${since}.\n`,
      )
      return 0
    })
  },
})

/** It may also be over, or gone, meanwhile. */
function isDriven(run: RunView | undefined): boolean {
  return run?.driver === undefined || run.driver.kind === "here"
}

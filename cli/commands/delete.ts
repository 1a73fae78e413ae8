import { join } from "node:path"
import type { RunView } from "#core/view/statusTree"
import type { PlaceInfo } from "#engine/protocol"
import { command } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { findWholeRun, oneName, placeName, withPlace } from "../livePlace.ts"
import { anyPlaceOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { orInterrupted, waitOptions } from "../wish.ts"
import { count, quote } from "../words.ts"

export const deleteRun = command({
  name: "delete",
  summary: "Delete a run with its Jobs, pods and logs, or with its processes",
  usage: ["NAME [--yes] [--no-wait] [OPTION…]"],
  options: {
    ...anyPlaceOptions,
    yes: { kind: "flag", short: "y", help: "do not ask" },
    ...waitOptions,
  },
  run: async ({ positionals, values }, io) => {
    const name = oneName(positionals)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      const run = await findWholeRun(place, name)
      if (!values.yes && !io.ask) {
        throw new Refusal("Nobody sits here to be asked; add --yes to delete it.", 2)
      }
      const isLive = run.finishedAt === null ? " It has not ended: running steps end now." : ""
      const [goes, stays] = place.info.kind === "colonies" ? ofColony(run) : ofJobs(run, place.info)
      io.stderr.write(
        `Deletes ${quote(name)} from ${placeName(place.info)}, ${goes}.${isLive}\n${stays}\n`,
      )
      if (!values.yes && !(await isMeant(run, io))) {
        io.stderr.write("Nothing was deleted.\n")
        return 1
      }
      await place.engine.call("run/delete", { place: place.info.id, run: name })
      if (values["no-wait"]) return 0
      const gone = place.until(name, (view) => (view === undefined ? ("gone" as const) : undefined))
      if ((await orInterrupted(io, gone)) === "interrupted") {
        io.stderr.write("\nIt was asked for already, and is done without waiting here.\n")
        return 130
      }
      io.stderr.write(`${quote(name)} is deleted.\n`)
      return 0
    })
  },
})

/** What goes with the run, and what stays. */
function ofJobs(
  { tasks, namespace, name }: RunView,
  { kept }: PlaceInfo,
): readonly [goes: string, stays: string] {
  const jobs = tasks
    .flatMap(({ steps }) => steps ?? [])
    .reduce((sum, { attempts }) => sum + attempts.length, 0)
  const whose = jobs === 1 ? "its" : "their"
  return [
    jobs === 0 ? "which has no Jobs" : `with ${count(jobs, "Job")}, ${whose} pods and logs`,
    kept === undefined
      ? "What steps wrote to claims and elsewhere stays, and so do saved logs."
      : `What steps wrote to claims stays, in ${quote(join(kept, namespace, name))}, and so do saved logs.`,
  ]
}

function ofColony({ tasks }: RunView): readonly [goes: string, stays: string] {
  const processes = tasks.length === 1 ? "its process" : `its ${tasks.length} processes`
  return [
    `with ${processes} and what the server keeps of ${tasks.length === 1 ? "it" : "them"}`,
    "Files of the colony and what steps wrote elsewhere stay.",
  ]
}

async function isMeant({ name }: RunView, io: Io): Promise<boolean> {
  const answer = await io.ask?.(`Delete ${quote(name)}? (y/N) `)
  return /^y(?:es)?$/i.test(answer?.trim() ?? "")
}

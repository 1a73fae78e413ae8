import { command } from "../command.ts"
import type { ExitCode } from "../io.ts"
import { findRun, placeName, plainName, withPlace } from "../livePlace.ts"
import { nextCommand, placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { count, quote, visible } from "../words.ts"

export const leaveDriver = command({
  name: "leave-driver",
  summary: "Leave a driver in the cluster that needs this machine no more",
  usage: ["[NAME…] [--image IMAGE] [OPTION…]"],
  details: [
    "Creates a Deployment of one pod in the namespace: Node as it comes, our program from a ConfigMap,",
    "and a Role for this namespace alone. Without names all runs go to it that this machine drives.",
    "uninstall removes it again.",
  ],
  options: {
    ...placeOptions,
    image: {
      kind: "value",
      placeholder: "IMAGE",
      help: "an image with Node 22.19 or newer (default docker.io/library/node:24-slim)",
    },
  },
  run: ({ positionals, values }, io) =>
    withPlace(values, io, async (place): Promise<ExitCode> => {
      const { info, engine } = place
      const names = positionals.map(plainName)
      for (const name of names) {
        if (findRun(place, name).finishedAt === null) continue
        throw new Refusal(`${quote(name)} is over; it needs no driver.`)
      }
      const { objects, image } = await engine.callInTime("driver/look", { place: info.id })
      const verb = image === null ? "Creates" : "Brings up to date"
      io.stderr.write(
        `${verb} in ${placeName(info)}:\n${objects.map((one) => `  ${visible(one)}\n`).join("")}`,
      )
      const { runs } = await engine.call("driver/leave", {
        place: info.id,
        ...(names.length === 0 ? {} : { runs: names }),
        ...(values.image === undefined ? {} : { image: values.image }),
      })
      const moved = runs.length === 0 ? "" : `: ${runs.map(quote).join(", ")}`
      io.stderr.write(`It lives, and drives ${count(runs.length, "run")}${moved}.\n`)
      io.stderr.write(`To remove it: ${visible(nextCommand("uninstall", values, io))}\n`)
      return 0
    }),
})

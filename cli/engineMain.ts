import { join } from "node:path"
import { localDriver } from "#engine/installId"
import { installDefinition, lookAtDefinition, removeDefinition } from "#engine/kube/definition"
import { openKubePlace } from "#engine/kube/kubePlace"
import { leaveDriver, lookAtLeftDriver, removeLeftDriver } from "#engine/kube/leftDriver"
import { engineHome } from "#engine/launch"
import { runLocalEngine } from "#engine/localEngine"
import type { PlaceRequest } from "#engine/protocol"
import { Service } from "#engine/service"
import { unfinishedIn } from "#engine/unfinished"
import manifest from "../package.json" with { type: "json" }

const definition = {
  look: lookAtDefinition,
  install: installDefinition,
  remove: removeDefinition,
}

const leftDriver = {
  look: lookAtLeftDriver,
  // Beside this program: what the cluster runs is what this machine runs.
  leave: (request: PlaceRequest, image: string | undefined) =>
    leaveDriver(request, join(__dirname, "driver.js"), image),
  remove: removeLeftDriver,
}

/** The local engine's process: the one place that chooses which places there are. */
async function main(): Promise<void> {
  const home = engineHome()
  const unfinished = unfinishedIn(home.unfinished)
  const self = localDriver(home.state)
  const createService = (log: (line: string) => void) => {
    // A bug in one run must not take the others down; it is written where people look for it.
    process.on("uncaughtException", (error) => log(`bug: ${error.stack ?? error.message}`))
    process.on("unhandledRejection", (error) => {
      log(`bug: ${error instanceof Error ? error.stack : error}`)
    })
    const { version } = manifest
    return new Service({
      version,
      self,
      openPlace: openKubePlace,
      definition,
      leftDriver,
      unfinished,
      log,
    })
  }
  await runLocalEngine(home, createService, () => process.exit(0))
  // Whoever started us waits for this word; it is true also when another engine was faster.
  process.stdout.write("ready\n")
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})

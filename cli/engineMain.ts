import { join } from "node:path"
import { stockImage } from "#core/plan/stockImage"
import type { FileMover } from "#engine/fileMover"
import { localDriver } from "#engine/installId"
import { installDefinition, lookAtDefinition, removeDefinition } from "#engine/kube/definition"
import { openKubePlace } from "#engine/kube/kubePlace"
import { leaveDriver, lookAtLeftDriver, removeLeftDriver } from "#engine/kube/leftDriver"
import { lookAtKubeconfig, lookAtNames, lookAtNamespaces } from "#engine/kube/lookAround"
import { engineHome } from "#engine/launch"
import { leanHeap } from "#engine/leanHeap"
import { openLocalPlace } from "#engine/local/localPlace"
import { runLocalEngine } from "#engine/localEngine"
import { openRehearsal } from "#engine/memory/rehearsal"
import type { KubeRequest, PlaceRequest } from "#engine/protocol"
import { type FoundPlace, Service } from "#engine/service"
import { unfinishedIn } from "#engine/unfinished"
import manifest from "../package.json" with { type: "json" }

const definition = {
  look: lookAtDefinition,
  install: installDefinition,
  remove: removeDefinition,
}

const lookAround = {
  kubeconfig: async (paths: string | undefined) => lookAtKubeconfig(paths),
  namespaces: lookAtNamespaces,
  names: lookAtNames,
}

const leftDriver = {
  look: lookAtLeftDriver,
  // Beside this program: what the cluster runs is what this machine runs.
  leave: (request: KubeRequest, image: string | undefined) =>
    leaveDriver(request, join(__dirname, "driver.js"), image),
  remove: removeLeftDriver,
}

/** Loaded when files are to be moved: few runs do. */
const mover: FileMover = {
  image: stockImage,
  look: async (...asked) => (await loadMover()).look(...asked),
  program: async () => (await loadMover()).program(),
  async *send(...asked) {
    yield* (await loadMover()).send(...asked)
  },
}

async function loadMover(): Promise<FileMover> {
  const { fileMover } = await import("#colonies/move/fileMover")
  return fileMover(join(__dirname, "files.js"), stockImage)
}

/** The local engine's process: the one place that chooses which places there are. */
async function main(): Promise<void> {
  leanHeap()
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
      openPlace,
      lookAround,
      definition,
      self,
      leftDriver,
      unfinished,
      mover,
      log,
    })
  }
  await runLocalEngine(home, createService, () => process.exit(0))
  // Whoever started us waits for this word; it is true also when another engine was faster.
  process.stdout.write("ready\n")
}

async function openPlace(request: PlaceRequest): Promise<FoundPlace> {
  switch (request.kind) {
    case "kube":
      return openKubePlace(request)
    case "local":
      return openLocalPlace(request)
    case "rehearsal":
      return openRehearsal(request)
    case "colonies": {
      // Few people have one: what speaks to it is only run when it is asked for.
      const { openColoniesPlace } = await import("#colonies/place/openColoniesPlace")
      return openColoniesPlace(request)
    }
  }
}

main().catch((error: unknown) => {
  const isFull = (error as NodeJS.ErrnoException).code === "ENOSPC"
  const full = `There is no room left on the disk of "${engineHome().state}". Make some, then try again.`
  process.stderr.write(`${isFull ? full : error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})

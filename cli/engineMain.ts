import { join } from "node:path"
import type { Cluster } from "#engine/cluster"
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
import type { KubeRequest, PlaceInfo, PlaceRequest } from "#engine/protocol"
import { Service } from "#engine/service"
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
      log,
    })
  }
  await runLocalEngine(home, createService, () => process.exit(0))
  // Whoever started us waits for this word; it is true also when another engine was faster.
  process.stdout.write("ready\n")
}

function openPlace(request: PlaceRequest): Promise<{ info: PlaceInfo; cluster: Cluster }> {
  switch (request.kind) {
    case "kube":
      return openKubePlace(request)
    case "local":
      return openLocalPlace(request)
    case "rehearsal":
      return openRehearsal(request)
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})

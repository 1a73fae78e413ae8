import { installDefinition, lookAtDefinition, removeDefinition } from "#engine/kube/definition"
import { openKubePlace } from "#engine/kube/kubePlace"
import { engineHome } from "#engine/launch"
import { runLocalEngine } from "#engine/localEngine"
import { Service } from "#engine/service"
import { unfinishedIn } from "#engine/unfinished"
import manifest from "../package.json" with { type: "json" }

const definition = {
  look: lookAtDefinition,
  install: installDefinition,
  remove: removeDefinition,
}

/** The local engine's process: the one place that chooses which places there are. */
async function main(): Promise<void> {
  const home = engineHome()
  const unfinished = unfinishedIn(home.unfinished)
  await runLocalEngine(
    home,
    (log) =>
      new Service({
        version: manifest.version,
        openPlace: openKubePlace,
        definition,
        unfinished,
        log,
      }),
  )
  // Whoever started us waits for this word; it is true also when another engine was faster.
  process.stdout.write("ready\n")
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})

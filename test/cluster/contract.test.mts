import { EventEmitter, once } from "node:events"
import { after, before, suite, test } from "node:test"
import { clusterContract } from "../../engine/cluster.contract.ts"
import type { Cluster as Place } from "../../engine/cluster.ts"
import { openKubePlace } from "../../engine/kube/kubePlace.ts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"

let bed: Cluster
let namespace: Namespace
let place: Place
const changes = new EventEmitter().setMaxListeners(0)

before(async () => {
  bed = await useCluster()
  namespace = await bed.namespace("contract")
  const opened = await openKubePlace({
    kind: "kube",
    kubeconfig: bed.kubeconfig,
    namespace: namespace.name,
  })
  place = opened.cluster
  await place.start({ onRun: () => changes.emit("run"), onStale: () => {} })
})

after(async () => {
  await place?.close()
  await namespace?.remove()
  bed?.close()
})

suite("the kube place keeps what every place promises:", { concurrency: true }, () => {
  for (const { name, run } of clusterContract) {
    test(name, async () => {
      await run({ cluster: place, namespace: namespace.name, until })
    })
  }
})

/** Looks again at each change the place tells; the limit only ends what would never come true. */
async function until(what: string, condition: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(120_000)
  while (!condition()) {
    await once(changes, "run", { signal }).catch(() => {
      throw new Error(`after 120 s it is still not true that ${what}`)
    })
  }
}

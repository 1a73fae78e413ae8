import { EventEmitter, once } from "node:events"
import { after, before, suite, test } from "node:test"
import { clusterContract } from "../../engine/cluster.contract.ts"
import { configMapStore } from "../../engine/kube/configMapStore.ts"
import { connect } from "../../engine/kube/connection.ts"
import { executionStore } from "../../engine/kube/executionStore.ts"
import { KubeCluster } from "../../engine/kube/kubeCluster.ts"
import { loadKubeconfig } from "../../engine/kube/kubeconfig.ts"
import type { RunStore } from "../../engine/kube/runStore.ts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { installExecutions } from "./installExecutions.mts"

let bed: Cluster

before(async () => {
  bed = await useCluster()
  await installExecutions(bed)
})

after(() => bed?.close())

const stores: Readonly<Record<string, RunStore>> = {
  "as Executions": executionStore,
  "as ConfigMaps, where the cluster does not know Executions": configMapStore,
}

for (const [kept, store] of Object.entries(stores)) {
  suite(`the kube place, with runs kept ${kept}, keeps what every place promises:`, {
    concurrency: true,
  }, () => {
    let namespace: Namespace
    let place: KubeCluster
    const changes = new EventEmitter().setMaxListeners(0)

    before(async () => {
      namespace = await bed.namespace("contract")
      const config = loadKubeconfig(bed.kubeconfig)
      place = new KubeCluster(connect(config, config.currentContext), {
        namespace: namespace.name,
        withPlain: true,
        stores: { first: store },
      })
      await place.start({ onRun: () => changes.emit("run"), onStale: () => {} })
    })

    after(async () => {
      await place?.close()
      await namespace?.remove()
    })

    for (const { name, run } of clusterContract) {
      test(name, async () => {
        await run({
          cluster: place,
          namespace: namespace.name,
          until: (what, condition) => until(changes, what, condition),
        })
      })
    }
  })
}

/** Looks again at each change the place tells; the limit only ends what would never come true. */
async function until(changes: EventEmitter, what: string, condition: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(120_000)
  while (!condition()) {
    await once(changes, "run", { signal }).catch(() => {
      throw new Error(`after 120 s it is still not true that ${what}`)
    })
  }
}

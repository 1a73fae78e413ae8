import { useCluster } from "../cluster/cluster.mts"
import { startFakeKubelet } from "../cluster/fakeKubelet.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { openRun } from "../support/run.mts"
import type { World } from "./stage.mts"

/** The bed with nodes that need no containers. */
export async function openWorld(): Promise<World & { readonly close: () => Promise<void> }> {
  const bed = await useCluster("wholeCluster", "auditLog")
  await installExecutions(bed)
  const processes = openRun()
  const fake = await startFakeKubelet({ kubeconfig: bed.kubeconfig, nodes: 2 })
  return {
    bed,
    fake,
    processes,
    close: async () => {
      await processes.close()
      await fake.stop()
      bed.close()
    },
  }
}

export async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld()
  try {
    return await work(world)
  } finally {
    await world.close()
  }
}

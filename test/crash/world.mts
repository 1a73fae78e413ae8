import { useCluster } from "../cluster/cluster.mts"
import { startFakeKubelet } from "../cluster/fakeKubelet.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { openRun } from "../support/run.mts"
import type { World } from "./stage.mts"

/** The bed with nodes that need no containers, for as long as `work` takes. */
export async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const bed = await useCluster("wholeCluster", "auditLog")
  const processes = openRun()
  try {
    await installExecutions(bed)
    const fake = await startFakeKubelet({ kubeconfig: bed.kubeconfig, nodes: 2 })
    try {
      return await work({ bed, fake, processes })
    } finally {
      await processes.close()
      await fake.stop()
    }
  } finally {
    await processes.close()
    bed.close()
  }
}

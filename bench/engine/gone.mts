import { setTimeout as pause } from "node:timers/promises"
import type { Cluster, Namespace } from "../../test/cluster/cluster.mts"

/** What is deleted still costs the server; the next run starts when it is gone. */
export async function gone(cluster: Cluster, namespace: Namespace): Promise<void> {
  for (;;) {
    const { stdout } = await cluster.kubectl("get", "jobs,pods", "-n", namespace.name, "-o", "name")
    if (stdout.trim() === "") return
    await pause(500)
  }
}

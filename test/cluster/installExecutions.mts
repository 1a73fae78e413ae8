import path from "node:path"
import { fileURLToPath } from "node:url"
import { type Cluster, useCluster } from "./cluster.mts"
import { Refusal } from "./refusal.mts"

/** Like `installExecutions`, for a cluster of our own that has just come up. */
export async function teachExecutions(): Promise<void> {
  const cluster = await useCluster("wholeCluster")
  try {
    await installExecutions(cluster)
  } finally {
    cluster.close()
  }
}

/** Teaches the cluster what an Execution is, from deploy/crd.yaml. Safe to repeat and at once. */
export async function installExecutions(cluster: Cluster): Promise<void> {
  const applied = await cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", crd)
  if (applied.code !== 0) throw new Refusal(applied.stderr.trim())
  const name = "crd/executions.execution.kubegene.io"
  const ready = await cluster.kubectl("wait", "--for=condition=Established", name, "--timeout=60s")
  if (ready.code !== 0) throw new Refusal(ready.stderr.trim())
}

export const deployFolder = fileURLToPath(new URL("../../deploy", import.meta.url))

const crd = path.join(deployFolder, "crd.yaml")

import { bundled, runOnce, shapes, useCluster, startFakeKubelet, installExecutions } from "./.once.mts"
const cluster = await useCluster("wholeCluster", "auditLog")
await installExecutions(cluster)
const fake = await startFakeKubelet({ kubeconfig: cluster.kubeconfig, nodes: 8 })
try {
  const worker = await bundled("/tmp/record-worker")
  for (const size of process.argv.slice(3)) {
    await runOnce(cluster, fake, worker, shapes.find((s) => s.name === process.argv[2]) as never, Number(size), console.log)
  }
} finally { await fake.stop(); cluster.close() }

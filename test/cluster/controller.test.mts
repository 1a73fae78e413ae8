import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { EventEmitter, once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { parseAllDocuments } from "yaml"
import { clusterContract } from "../../engine/cluster.contract.ts"
import { connect } from "../../engine/kube/connection.ts"
import { executionStore } from "../../engine/kube/executionStore.ts"
import { KubeCluster } from "../../engine/kube/kubeCluster.ts"
import { loadKubeconfig } from "../../engine/kube/kubeconfig.ts"
import { root } from "../support/folders.mts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { type Execution, executionsPath } from "./engine.mts"
import { gate, readTasks } from "./engineTasks.mts"
import { deployFolder, installExecutions } from "./installExecutions.mts"
import { readChanges } from "./judge/auditLog.mts"
import { judge } from "./judge/judge.mts"
import { openGate } from "./openGate.mts"
import { until } from "./until.mts"

let bed: Cluster
let namespace: Namespace
const folder = mkdtempSync(path.join(tmpdir(), "kx-controller-"))

before(async () => {
  bed = await useCluster("auditLog", "ownImages")
  await installExecutions(bed)
  namespace = await bed.namespace("controller")
})

after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await namespace?.remove()
  bed?.close()
})

suite("the controller, installed with kubectl apply -k", () => {
  test("drives a run in its namespace, and another replica goes on when the first is deleted", async () => {
    const bundle = readFileSync(path.join(root, "dist/driver.js"))
    // A tag of its own for each build, for the node keeps images by their tag.
    const tag = createHash("sha256").update(bundle).digest("hex").slice(0, 12)
    kustomize([`images: [{ name: kube-executions, newTag: "${tag}" }]`])
    const applied = await bed.kubectl("apply", "-k", folder)
    assert.equal(applied.code, 0, applied.stderr)
    const available = ["--for=condition=Available", "--timeout=120s"]
    const where = ["-n", namespace.name]
    const ready = await bed.kubectl("wait", "deploy/kube-executions", ...where, ...available)
    assert.equal(ready.code, 0, ready.stderr)
    await bed.api.create(executionsPath(namespace.name), {
      apiVersion: "execution.kubegene.io/v1alpha1",
      kind: "Execution",
      metadata: { name: "x" },
      spec: {
        tasks: readTasks({
          a: gate,
          b: { run: ["echo 1", "echo 2"], after: "a" },
          c: { run: "true", after: "b" },
        }),
      },
    })
    const read = () => bed.api.get<Execution>(executionsPath(namespace.name, "x"))
    await until("a runs", async () => (await read()).status?.vertices?.["x.a.0"] !== undefined)
    const lease = "/apis/coordination.k8s.io/v1/namespaces"
    const holder = async () => {
      const name = `${lease}/${namespace.name}/leases/kube-executions-controller`
      const there = await bed.api.get<{ spec: { holderIdentity: string } }>(name).catch(() => null)
      return there?.spec.holderIdentity
    }
    const first = await holder()
    assert.ok(first)
    await bed.kubectl("delete", "pod", first, ...where, "--wait=false")
    await until("another replica drives", async () => {
      const now = await holder()
      return now !== undefined && now !== first
    })
    await openGate(bed, namespace.name, "x.a.0")
    const status = await until("it has ended", async () => {
      const { status } = await read()
      return status?.finishedAt ? status : undefined
    })
    assert.equal(status.phase, "Succeeded")
    const { violations } = judge(await readChanges(bed.auditLog, namespace.name))
    assert.deepEqual(violations, [])
  })

  test("for every namespace has its rights everywhere but for ConfigMaps, and the API server takes all of it", async () => {
    kustomize([`components: [${path.relative(folder, path.join(deployFolder, "all-namespaces"))}]`])
    const { stdout } = await bed.kubectl("kustomize", folder)
    const objects = parseAllDocuments(stdout).map((one) => one.toJS())
    const kindsOf = (name: string) =>
      objects.filter(({ metadata }) => metadata.name === name).map(({ kind }) => kind)
    const kinds = ["ClusterRole", "ClusterRoleBinding"]
    assert.deepEqual(kindsOf("kube-executions-driver").sort(), kinds)
    const role = objects.find(({ kind, metadata }) => {
      return kind === "ClusterRole" && metadata.name === "kube-executions-driver"
    })
    const verbs = (role.rules as { resources: string[]; verbs: string[] }[])
      .filter(({ resources }) => resources.includes("configmaps"))
      .flatMap((rule) => rule.verbs)
    assert.deepEqual(verbs, ["delete"])
    const deployment = objects.find(({ kind }) => kind === "Deployment")
    assert.deepEqual(deployment.spec.template.spec.containers[0].args, ["--all-namespaces"])
    const dry = await bed.kubectl("apply", "--dry-run=server", "-k", folder)
    assert.equal(dry.code, 0, dry.stderr)
  })
})

suite("a look at every namespace keeps what every place promises:", { concurrency: true }, () => {
  const changes = new EventEmitter().setMaxListeners(0)
  let place: KubeCluster
  before(async () => {
    const config = loadKubeconfig(bed.kubeconfig)
    const connection = connect(config, config.currentContext)
    place = new KubeCluster(connection, {
      namespace: "",
      withPlain: false,
      stores: { first: executionStore },
    })
    await place.start({ onRun: () => changes.emit("run"), onStale: () => {} })
  })
  after(() => place?.close())
  for (const { name, run } of clusterContract) {
    test(name, async () => {
      const own = await bed.namespace("contract-all")
      try {
        await run({
          cluster: place,
          namespace: own.name,
          until: async (what, condition) => {
            const signal = AbortSignal.timeout(120_000)
            while (!condition()) {
              await once(changes, "run", { signal }).catch(() => {
                throw new Error(`after 120 s it is still not true that ${what}`)
              })
            }
          },
        })
      } finally {
        await own.remove()
      }
    })
  }
})

function kustomize(more: readonly string[]): void {
  const base = `resources: [${path.relative(folder, deployFolder)}]`
  const text = [base, `namespace: ${namespace.name}`, ...more, ""].join("\n")
  writeFileSync(path.join(folder, "kustomization.yaml"), text)
}

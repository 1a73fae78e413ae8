// What deploy/executor installs runs, with the rights and the limits that it gives itself.
import assert from "node:assert/strict"
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { after, before, test } from "node:test"
import { processState } from "#colonies/client/records"
import { root } from "../../support/folders.mts"
import { type ExecutorBed, makeVolume, openExecutorBed } from "./executorBed.mts"
import { type Gate, openGate } from "./gate.mts"

let bed: ExecutorBed
let gate: Gate
before(async () => {
  bed = await openExecutorBed()
  const { items } = await bed.cluster.api.get<{
    items: readonly { status: { addresses: readonly { type: string; address: string }[] } }[]
  }>("/api/v1/nodes")
  const addresses = items[0]?.status.addresses ?? []
  const address = addresses.find(({ type }) => type === "InternalIP")?.address
  assert.ok(address)
  // Pods reach this machine by its address on their own bridge.
  gate = await openGate(bed.colonies.server, address)
  await install(address)
})
after(async () => {
  await bed?.close()
  await gate?.close()
  await bed?.cluster.api.remove(`/api/v1/persistentvolumes/${bed.namespace}-deployed`)
})

test("installed with kubectl apply -k it becomes ready and runs a process", async () => {
  const { cluster, namespace } = bed
  const wait = ["wait", "deploy/kube-executor", "-n", namespace, "--for=condition=Available"]
  const ready = await cluster.kubectl(...wait, "--timeout=100s")
  const logs = await cluster.kubectl("logs", "deploy/kube-executor", "-n", namespace)
  assert.equal(ready.code, 0, ready.stderr + logs.stdout + logs.stderr)
  const id = await bed.submit({ kwargs: { cmd: "echo from a pod" } })
  const process = await bed.ended(id)
  assert.equal(process.state, processState.successful, process.errors?.join())
  assert.match(await bed.logOf(id), /^from a pod$/m)
  await bed.noJobs()
})

/** As it is, but for the image: here the bundles lie on the node. */
async function install(address: string): Promise<void> {
  const { namespace, colonies, cluster, executorType } = bed
  const app = path.join(colonies.folder, "app")
  mkdirSync(app)
  for (const bundle of ["cli.js", "colonies.js"]) {
    copyFileSync(path.join(root, "dist", bundle), path.join(app, bundle))
  }
  await makeVolume(
    cluster,
    { name: namespace },
    bed.volume,
    "kube-executor",
    `${namespace}-deployed`,
  )
  const folder = path.join(colonies.folder, "kustomize")
  mkdirSync(folder)
  const settings = {
    COLONIES_SERVER_HOST: address,
    COLONIES_SERVER_PORT: gate.port,
    COLONIES_TLS: false,
    COLONIES_COLONY_NAME: colonies.colony,
    COLONIES_EXECUTOR_NAME: executorType,
    EXECUTOR_TYPE: executorType,
    AWS_S3_ENDPOINT: "",
    AWS_S3_BUCKET: "",
  }
  const literals = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  const patch = [
    { op: "replace", path: "/spec/template/spec/containers/0/image", value: "node:24-slim" },
    {
      op: "add",
      path: "/spec/template/spec/containers/0/command",
      value: ["node", "/app/cli.js", "colonies", "executor"],
    },
    {
      op: "add",
      path: "/spec/template/spec/containers/0/volumeMounts/-",
      value: { name: "app", mountPath: "/app" },
    },
    {
      op: "add",
      path: "/spec/template/spec/volumes/-",
      value: { name: "app", hostPath: { path: app } },
    },
  ]
  const claim = [
    { op: "add", path: "/spec/storageClassName", value: "" },
    { op: "add", path: "/spec/volumeName", value: `${namespace}-deployed` },
    { op: "replace", path: "/spec/resources/requests/storage", value: "1Gi" },
  ]
  const kustomization = {
    resources: [path.relative(folder, path.join(root, "deploy/executor"))],
    namespace,
    configMapGenerator: [{ name: "kube-executor-settings", behavior: "merge", literals }],
    secretGenerator: [
      {
        name: "kube-executor-keys",
        literals: [`COLONIES_COLONY_PRVKEY=${colonies.colonyKey}`],
        options: { disableNameSuffixHash: true },
      },
    ],
    patches: [
      { target: { kind: "Deployment" }, patch: JSON.stringify(patch) },
      { target: { kind: "PersistentVolumeClaim" }, patch: JSON.stringify(claim) },
    ],
  }
  writeFileSync(path.join(folder, "kustomization.yaml"), JSON.stringify(kustomization))
  const applied = await cluster.kubectl("apply", "-k", folder)
  assert.equal(applied.code, 0, applied.stderr)
}

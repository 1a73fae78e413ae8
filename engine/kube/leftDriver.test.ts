import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { KubeRequest } from "../protocol.ts"
import { leaveDriver, lookAtLeftDriver, removeLeftDriver } from "./leftDriver.ts"

const name = "kube-executions-left-driver"
const lease = `/apis/coordination.k8s.io/v1/namespaces/gene/leases/${name}`
const deployment = `/apis/apps/v1/namespaces/gene/deployments/${name}`
const pods = "/api/v1/namespaces/gene/pods"

let folder: string
let program: string
let server: Server
let request: KubeRequest
/** What an API server would keep, by path. */
let objects: Map<string, unknown>
let deleted: string[]
let onRead: (path: string) => void

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "left-driver-"))
  program = join(folder, "driver.js")
  writeFileSync(program, "one")
  objects = new Map()
  deleted = []
  onRead = () => {}
  server = createServer(async (asked, answer) => {
    const path = new URL(asked.url ?? "", "http://x").pathname
    let text = ""
    for await (const chunk of asked) text += chunk
    if (asked.method === "GET") onRead(path)
    if (asked.method === "PATCH") objects.set(path, JSON.parse(text))
    const found = objects.get(path)
    if (asked.method === "DELETE" && objects.delete(path)) deleted.push(path)
    answer.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" })
    answer.end(JSON.stringify(found ?? { kind: "Status", reason: "NotFound", code: 404 }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const kubeconfig = join(folder, "kubeconfig")
  const config = {
    clusters: [
      {
        name: "c",
        cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
      },
    ],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "lab", context: { cluster: "c", user: "u" } }],
  }
  writeFileSync(kubeconfig, JSON.stringify(config))
  request = { kind: "kube", kubeconfig, context: "lab", namespace: "gene" }
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

interface Template {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> }
}

const template = () =>
  (objects.get(deployment) as { spec: { template: Template } } | undefined)?.spec.template

const podOf = (pod: string, from: Template | undefined) => {
  return { metadata: { name: pod, annotations: from?.metadata.annotations } }
}

const heldBy = (holder: string, version: number) => {
  return { metadata: { resourceVersion: String(version) }, spec: { holderIdentity: holder } }
}

/** A cluster in which a pod holds the Lease as soon as its Deployment is there. */
function startsAtOnce(): void {
  let version = 0
  onRead = (path) => {
    if (path === pods) objects.set(pods, { items: [podOf("new", template())] })
    if (path === lease) objects.set(lease, heldBy("new", version++))
  }
}

test("another program, or another image, makes new pods; the same ones make none", async () => {
  startsAtOnce()
  const seen: string[] = []
  const leave = async (image?: string) => {
    await leaveDriver(request, program, image)
    seen.push(JSON.stringify(template()))
  }
  await leave()
  await leave()
  writeFileSync(program, "two")
  await leave()
  await leave("mine")
  expect(seen[1]).toBe(seen[0])
  expect(new Set(seen).size).toBe(3)
  expect(await lookAtLeftDriver(request)).toMatchObject({ image: "mine" })
})

test("that the pod before still renews its Lease is no sign that the new one lives", async () => {
  startsAtOnce()
  await leaveDriver(request, program)
  const before = template()
  writeFileSync(program, "two")
  let version = 100
  onRead = (path) => {
    version++
    if (path === pods)
      objects.set(pods, { items: [podOf("old", before), podOf("new", template())] })
    if (path === lease) objects.set(lease, heldBy(version < 110 ? "old" : "new", version))
  }
  await leaveDriver(request, program)
  expect(version).toBeGreaterThanOrEqual(110)
})

test("nothing of a driver stays, its Lease neither where its pod could not give it back", async () => {
  startsAtOnce()
  await leaveDriver(request, program)
  await removeLeftDriver(request)
  expect(deleted[0]).toBe(deployment)
  expect(deleted.at(-1)).toBe(lease)
  expect([...objects.keys()]).toEqual([pods])
  await removeLeftDriver(request)
})

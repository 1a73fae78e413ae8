import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { parse, stringify } from "yaml"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { useWorkbench } from "./useWorkbench.mts"
import { type HidingDoor, openHidingDoor } from "./withoutDefinition.mts"

const folder = mkdtempSync(join(tmpdir(), "definition-"))
const kubeconfig = join(folder, "config")
let cluster: Cluster
let namespace: Namespace
let door: HidingDoor

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  await installExecutions(cluster)
  namespace = await cluster.namespace("ui-definition")
  door = await openHidingDoor(cluster.kubeconfig)
  const config = parse(readFileSync(cluster.kubeconfig, "utf8")) as Config
  const named = { server: door.server, "insecure-skip-tls-verify": true }
  const clusters = config.clusters.map(({ name }) => ({ name, cluster: named }))
  const users = config.users.map(({ name }) => ({ name, user: {} }))
  writeFileSync(kubeconfig, stringify({ ...config, clusters, users }))
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.namespace": namespace.name },
    env: { KUBECONFIG: kubeconfig },
  }
})
after(async () => {
  door?.close()
  await namespace?.remove()
  cluster?.close()
  rmSync(folder, { recursive: true })
})

test("a cluster that does not know Executions is taught them from the view, on one word", async () => {
  const { page } = workbench()
  await page.locator(".activitybar a[aria-label^='Kube Executions']").waitFor()
  await workbench().showView("Runs")
  const view = page.locator(".welcome-view", {
    hasText: "This cluster does not know Executions yet",
  })
  const install = view.getByRole("button", { name: "Install the Definition…" }).first()
  await install.waitFor()
  await workbench().screenshot("fault-no-definition")
  await install.click()
  const asked = page.locator(".notifications-toasts", { hasText: "It changes the cluster" })
  await asked.getByText("Show It", { exact: true }).click()
  const shown = page.locator(".monaco-editor .view-line", { hasText: "CustomResourceDefinition" })
  await shown.first().waitFor()
  await workbench().screenshot("definition-shown")
  assert.equal(door.installed(), undefined)
  await asked.getByText("Install", { exact: true }).click()
  await page
    .locator(".welcome-view", { hasText: "No run yet. Open a spec and choose Run." })
    .first()
    .waitFor()
  assert.deepEqual(door.installed(), {
    name: "executions.execution.kubegene.io",
    verdict: 200,
  })
})

interface Config {
  readonly clusters: readonly { readonly name: string }[]
  readonly users: readonly { readonly name: string }[]
}

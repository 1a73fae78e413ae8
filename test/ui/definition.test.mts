import assert from "node:assert/strict"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { writeKubeconfig } from "../cluster/logins.mts"
import { type HiddenDefinition, withoutDefinition } from "../cluster/withoutDefinition.mts"
import { useWorkbench } from "./useWorkbench.mts"

const folder = mkdtempSync(join(tmpdir(), "definition-"))
const kubeconfig = join(folder, "config")
let cluster: Cluster
let namespace: Namespace
let hidden: HiddenDefinition

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  await installExecutions(cluster)
  namespace = await cluster.namespace("ui-definition")
  hidden = await withoutDefinition(cluster)
  await writeKubeconfig(cluster, kubeconfig, { user: {}, cluster: hidden.cluster })
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.namespace": namespace.name },
    env: { KUBECONFIG: kubeconfig },
  }
})
after(async () => {
  hidden?.close()
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
  assert.equal(hidden.installed(), undefined)
  await asked.getByText("Install", { exact: true }).click()
  await page
    .locator(".welcome-view", { hasText: "No run yet. Open a spec and choose Run." })
    .first()
    .waitFor()
  assert.deepEqual(hidden.installed(), {
    name: "executions.execution.kubegene.io",
    verdict: 200,
  })
})

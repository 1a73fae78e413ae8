import assert from "node:assert/strict"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { documentedRules, logInAs, writeKubeconfig } from "../cluster/logins.mts"
import { type HiddenDefinition, withoutDefinition } from "../cluster/withoutDefinition.mts"
import { useWorkbench } from "./useWorkbench.mts"

const folder = mkdtempSync(join(tmpdir(), "config-maps-"))
let cluster: Cluster
let namespace: Namespace
let hidden: HiddenDefinition

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  await installExecutions(cluster)
  namespace = await cluster.namespace("ui-config-maps")
  hidden = await withoutDefinition(cluster)
  const rules = await documentedRules("kube-executions-user-without-definition")
  const user = { token: await logInAs(cluster, namespace.name, rules) }
  const login = { user, cluster: hidden.cluster }
  return {
    workspace: "test/fixtures/execution",
    settings: {
      "kubeExecutions.namespace": namespace.name,
      "kubeExecutions.run.confirm": "never",
    },
    env: { KUBECONFIG: await writeKubeconfig(cluster, join(folder, "config"), login) },
  }
})
after(async () => {
  hidden?.close()
  await namespace?.remove()
  cluster?.close()
  rmSync(folder, { recursive: true })
})

test("where Executions are not known and may not be installed, one click keeps the run in a ConfigMap, to its end", async () => {
  const { page } = workbench()
  await workbench().openFile("diamond.yaml")
  await workbench().clickLens("Run")
  const asked = page.locator(".notifications-toasts .notification-list-item", {
    hasText: "does not know Executions, and you may not install their definition",
  })
  const click = asked.getByText("Keep Runs in ConfigMaps", { exact: true })
  await click.waitFor()
  // What one may not do is not offered.
  assert.equal(await asked.getByText("Install", { exact: true }).count(), 0)
  await workbench().screenshot("config-map-offered")
  await click.click()
  await workbench().visibleOutput("a.0 | A")
  await workbench().showView("Runs")
  await workbench().treeItem("Runs", "diamond", "Succeeded", "4/4")
  await workbench().visibleOutput("d.0 | D")
  await workbench().screenshot("config-map-run")
  const { items } = await cluster.api.get<{ items: readonly ConfigMap[] }>(
    `/api/v1/namespaces/${namespace.name}/configmaps`,
  )
  const record = items.find(({ metadata }) => metadata.name === "execution.diamond")
  assert.equal(JSON.parse(record?.data.status ?? "{}").phase, "Succeeded")
})

test("from the first run on nobody is asked again", async () => {
  const { page } = workbench()
  await workbench().runCommand("Kube Executions: Run…")
  await workbench().treeItem("Runs", "diamond-2", "Succeeded", "4/4")
  assert.equal(await page.getByText("Keep Runs in ConfigMaps", { exact: true }).count(), 0)
})

interface ConfigMap {
  readonly metadata: { readonly name: string }
  readonly data: Readonly<Record<string, string>>
}

import { after, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-run")
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.namespace": namespace.name },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

test("a dependency that is not there is marked at its word", async () => {
  await workbench().openFile("unknown-dependency.yaml")
  await workbench().squiggle('"fecth"')
  await workbench().screenshot("squiggle")
})

test("Run creates the Jobs where it says it will, and the tree and the log tell how it goes", async () => {
  const { page } = workbench()
  await workbench().openFile("diamond.yaml")
  await workbench().clickLens("Run")
  const pick = page.locator(".quick-input-list .monaco-list-row", { hasText: "Run as diamond" })
  await pick.filter({ hasText: `4 Jobs in bed / ${namespace.name}` }).waitFor()
  await workbench().screenshot("run-pick")
  await page.keyboard.press("Enter")
  await workbench().visibleOutput("a.0 | A")
  await workbench().showView("Runs")
  await workbench().treeItem("Runs", "diamond", "Succeeded", "4/4")
  await workbench().visibleOutput("d.0 | D")
  await workbench().openFile("unknown-dependency.yaml")
  await page.locator(".monaco-editor .squiggly-error").first().waitFor()
  await workbench().screenshot("run-succeeded")
})

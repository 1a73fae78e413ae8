import { after, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-sequence")
  await cluster.api.create(`/apis/batch/v1/namespaces/${namespace.name}/jobs`, {
    metadata: { name: "pi" },
    spec: { completions: 6, parallelism: 2, template },
  })
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

const template = {
  spec: {
    restartPolicy: "Never",
    containers: [
      { name: "main", image: "busybox", command: ["sh", "-c", "echo three point one; sleep 1"] },
    ],
  },
}

test("the pods of a Job that nobody's run made are shown as they go, to the end", async () => {
  const { page } = workbench()
  await workbench().runCommand("Kube Executions: Show Sequence")
  const pick = page.locator(".quick-input-list .monaco-list-row", { hasText: "pi" })
  await pick.first().waitFor()
  await page.keyboard.press("Enter")
  await page.locator(".tab.active", { hasText: "Sequence: pi" }).waitFor()
  const panel = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame")
  await panel.locator("header .word", { hasText: "Succeeded" }).waitFor({ timeout: 90_000 })
  await panel.getByText("6 of 6 pods done").waitFor()
  await workbench().screenshot("sequence-of-a-job")
})

test("the table, the grid and the sequence are views of one panel", async () => {
  const { page } = workbench()
  const panel = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame")
  await panel.getByRole("button", { name: "Table", exact: true }).click()
  await panel.getByRole("row").nth(6).waitFor()
  await panel.getByRole("button", { name: "Grid", exact: true }).click()
  await panel.locator(".grid-canvas").waitFor()
  await workbench().screenshot("grid-of-a-job")
})

test("a pod of such a Job opens its log, from the picture and from the tree", async () => {
  const { page } = workbench()
  const panel = await workbench().webview()
  await panel.getByRole("button", { name: "Table", exact: true }).click()
  await panel.getByRole("gridcell", { name: /^pi-/ }).first().click()
  const line = page.locator(".monaco-editor .view-line", { hasText: /three\spoint\sone/ }).first()
  await page.locator(".tab.active", { hasText: /^pi-.*\.log/ }).waitFor()
  await line.waitFor()
  await workbench().screenshot("log-of-a-plain-pod")
  await workbench().runCommand("View: Close All Editors")
  await workbench().showView("Jobs and CronJobs")
  await (await workbench().treeItem("Jobs and CronJobs", "pi")).click()
  await page.keyboard.press("ArrowRight")
  const row = await workbench().treeItem("Jobs and CronJobs", "…", "Succeeded")
  await row.hover()
  await row.getByRole("button", { name: "Show Log", exact: true }).click()
  await page.locator(".tab.active", { hasText: /^pi-.*\.log/ }).waitFor()
  await line.waitFor()
  await workbench().screenshot("log-of-a-pod-from-the-tree")
})

import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, test } from "node:test"
import type { Locator } from "playwright-core"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  await installExecutions(cluster)
  namespace = await cluster.namespace("ui-runs")
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.namespace": namespace.name, "kubeExecutions.run.confirm": "never" },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

const spec = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: cohort
spec:
  tasks:
    - name: fetch
      type: Job
      image: busybox
      commandSet: ["printf '\\\\033[31mred\\\\033[0m and \\\\033[1;32mgreen\\\\033[0m\\\\n'"]
    - name: index
      type: Job
      image: busybox
      commandSet: ["echo indexed"]
    - name: align
      type: Job
      image: busybox
      backoffLimit: 0
      commandSet: ["echo one", "echo two", "echo three; exit 3"]
      dependents:
        - { target: fetch, type: whole }
        - { target: index, type: whole }
    - name: report
      type: Job
      image: busybox
      commandSet: ["echo never"]
      dependents:
        - { target: align, type: whole }
`

test("without a run the view says what to do", async () => {
  const { page } = workbench()
  // In a folder without specs it would never come.
  await page.locator(".activitybar a[aria-label^='Kube Executions']").waitFor()
  await workbench().showView("Runs")
  await page
    .locator(".welcome-view", { hasText: "No run yet. Open a spec and choose Run." })
    .waitFor()
  await workbench().screenshot("runs-empty")
})

test("a failed run shows why at its task and step, down to the pod", async () => {
  writeFileSync(join(workbench().folder, "cohort.yaml"), spec)
  await workbench().openFile("cohort.yaml")
  await workbench().runCommand("Kube Executions: Run")
  await workbench().showView("Runs")
  const run = await workbench().treeItem("Runs", "cohort", "Failed 4/6", "1 failed")
  await unfold(run)
  await workbench().treeItem("Runs", "report", "Not started")
  await unfold(await workbench().treeItem("Runs", "align", "Failed 2/3", "1 failed"))
  await unfold(await workbench().treeItem("Runs", "align.2", "command ended with exit code 3"))
  await workbench().treeItem("Runs", "try 1", "Failed", "cohort.align.2")
  await workbench().screenshot("runs-failed")
})

test("the tree by dependency shows a task once, with links where else it belongs", async () => {
  const { page } = workbench()
  await workbench().runCommand("Kube Executions: Show Tasks below What Started Them")
  for (const task of ["fetch", "index"]) {
    const row = page.getByRole("treeitem", { name: new RegExp(`^${task}`) }).first()
    await row.waitFor()
    await unfold(row)
  }
  await page
    .getByRole("treeitem", { name: /^align, shown/ })
    .first()
    .waitFor()
  await workbench().screenshot("runs-dag")
  await workbench().runCommand("Kube Executions: Show Tasks as a List")
})

test("a filter leaves what has its words, and says so", async () => {
  const { page } = workbench()
  await workbench().runCommand("Kube Executions: Filter Runs")
  const input = page.locator(".quick-input-widget input.input")
  await input.fill("align.2")
  await page.keyboard.press("Enter")
  await workbench().treeItem("Runs", "align.2")
  await page.getByRole("treeitem", { name: /^report/ }).waitFor({ state: "detached" })
  await workbench().screenshot("runs-filtered")
  const pane = page.locator(".pane-header", { hasText: "Runs" }).first()
  await pane.hover()
  await page.getByRole("button", { name: "Show All Runs" }).first().click()
  await workbench().treeItem("Runs", "report")
})

test("the log of a step is a document in colour", async () => {
  const { page } = workbench()
  const row = await workbench().treeItem("Runs", "fetch")
  await row.hover()
  await row.getByRole("button", { name: "Show Log" }).first().click()
  await page.locator(".tab.active", { hasText: "fetch.0.log" }).waitFor()
  const lines = page.locator(".editor-instance .view-line")
  await lines
    .filter({ hasText: /red\sand\sgreen/ })
    .first()
    .waitFor()
  await lines
    .filter({ hasText: /attempt\s1,\stry\s1,\spod\scohort/ })
    .first()
    .waitFor()
  await workbench().screenshot("step-log")
})

for (const theme of ["light", "high contrast"] as const) {
  test(`the views can be read in ${theme}`, async () => {
    await workbench().chooseTheme(theme)
    await workbench().treeItem("Runs", "align", "Failed")
    await workbench().screenshot(`runs ${theme}`)
  })
}

/** A click on a step opens it; the sign before it turns a row over. */
async function unfold(row: Locator): Promise<void> {
  if ((await row.getAttribute("aria-expanded")) === "true") return
  await row.locator(".monaco-tl-twistie").click()
  await row.and(workbench().page.locator("[aria-expanded=true]")).waitFor()
}

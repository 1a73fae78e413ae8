import { after, test } from "node:test"
import type { Locator } from "playwright-core"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-looks")
  await makeJobs()
  return {
    workspace: "test/fixtures/again",
    settings: {
      "kubeExecutions.namespace": namespace.name,
      "kubeExecutions.notify": "none",
    },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

const template = (command: string) => ({
  spec: {
    restartPolicy: "Never",
    containers: [{ name: "main", image: "busybox", command: ["sh", "-c", command] }],
  },
})

async function makeJobs(): Promise<void> {
  const jobs = `/apis/batch/v1/namespaces/${namespace.name}`
  await cluster.api.create(`${jobs}/jobs`, {
    metadata: { name: "nightly-index" },
    spec: { completions: 3, parallelism: 1, template: template("sleep 2") },
  })
  await cluster.api.create(`${jobs}/cronjobs`, {
    metadata: { name: "clean-up" },
    spec: { schedule: "15 3 * * *", jobTemplate: { spec: { template: template("true") } } },
  })
}

test("plain Jobs have their pods below them, as they come and go", async () => {
  const { page } = workbench()
  await workbench().openFile("again.yaml")
  await workbench().showView("Runs")
  await workbench().showView("Jobs and CronJobs")
  await workbench().treeItem("Jobs and CronJobs", "clean-up", "CronJob, 15 3 * * *")
  const job = await workbench().treeItem("Jobs and CronJobs", "nightly-index")
  await job.click()
  await workbench().treeItem("Jobs and CronJobs", "nightly-index", "Succeeded 3/3")
  const pods = page.getByRole("treeitem", { name: /^nightly-index-.*Succeeded/ })
  await pods.nth(2).waitFor()
  await pods.first().click()
  const tab = page.locator(".tab", { hasText: "Sequence: nightly-index" }).first()
  // A page that is being loaded has the keys.
  await tab.click({ button: "middle" })
  await tab.waitFor({ state: "detached" })
})

test("a step is opened by Enter, and by its icon", async () => {
  const { page } = workbench()
  await workbench().openFile("again.yaml")
  await page.locator(".monaco-editor .codelens-decoration").first().waitFor()
  await page.keyboard.press("Control+Shift+F5")
  await workbench().showView("Runs")
  const run = await workbench().treeItem("Runs", "again", "Failed")
  await unfold(run)
  await unfold(await workbench().treeItem("Runs", "align", "Failed"))
  const step = await workbench().treeItem("Runs", "align.1", "command ended with exit code 3")
  await page.keyboard.press("ArrowDown")
  await page.locator(".monaco-list-row.focused", { hasText: "align.0" }).waitFor()
  await page.keyboard.press("Enter")
  await page.locator(".tab", { hasText: "Step: align.0" }).first().waitFor()
  await step.hover()
  await step.getByRole("button", { name: "Show Step" }).first().click()
  await page.locator(".tab", { hasText: "Step: align.1" }).first().waitFor()
  const panel = await workbench().webview()
  await panel.getByText("command ended with exit code 3").first().waitFor()
  await workbench().screenshot("step-from-tree")
  await workbench().runCommand("View: Close All Editors")
})

for (const theme of ["dark", "light", "high contrast", "high contrast light"] as const) {
  test(`every view of the side bar, the text and the pick can be read in ${theme}`, async () => {
    const { page } = workbench()
    await workbench().chooseTheme(theme)
    await workbench().openFile("again.yaml")
    await workbench().squiggle('"align" step 1: command ended with exit code 3')
    await page.mouse.move(0, 0)
    await workbench().showView("Examples")
    await workbench().showView("Runs")
    await workbench().treeItem("Runs", "align", "Failed")
    await workbench().runCommand("Kube Executions: Show Tasks below What Started Them")
    await unfold(await workbench().treeItem("Runs", "fetch", "Succeeded"))
    await workbench().treeItem("Runs", "align", "Failed")
    await workbench().screenshot(`looks-dag-${theme}`)
    await workbench().runCommand("Kube Executions: Show Tasks as a List")
    await workbench().treeItem("Runs", "report", "Not started")
    await workbench().screenshot(`looks-workbench-${theme}`)
    await page.locator(".monaco-editor .view-line").first().click()
    await page.keyboard.press("Control+F5")
    const pick = page.locator(".quick-input-list .monaco-list-row", { hasText: "Run as again-2" })
    await pick.first().waitFor()
    await workbench().screenshot(`looks-pick-${theme}`)
    await page.keyboard.press("Escape")
  })
}

test("the walkthrough shows its five steps and a picture for each", async () => {
  const { page } = workbench()
  await workbench().runCommand("View: Close All Editors")
  await workbench().runCommand("Welcome: Open Walkthrough...")
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: "Run your first" })
  await row.first().click()
  const steps = page.locator(".gettingStartedContainer .getting-started-step")
  await steps.nth(4).waitFor()
  for (const [index, name] of ["example", "mistake", "graph", "run", "log"].entries()) {
    const step = steps.nth(index)
    const expanded = step.and(page.locator(".expanded"))
    if (!(await expanded.isVisible())) await step.click()
    await expanded.waitFor()
    await page.locator("iframe.webview.ready").last().waitFor()
    await workbench().screenshot(`walkthrough-${name}`)
  }
})

async function unfold(row: Locator): Promise<void> {
  if ((await row.getAttribute("aria-expanded")) === "true") return
  await row.locator(".monaco-tl-twistie").click()
  await row.and(workbench().page.locator("[aria-expanded=true]")).waitFor()
}

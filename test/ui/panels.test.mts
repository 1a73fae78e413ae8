import assert from "node:assert/strict"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, test } from "node:test"
import type { FrameLocator, Locator } from "playwright-core"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { until } from "../cluster/until.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  await installExecutions(cluster)
  namespace = await cluster.namespace("ui-panels")
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
  name: seven
spec:
  tasks:
    - name: fetch
      type: Job
      image: busybox
      commandSet: ["echo fetched"]
    - name: align
      type: Job
      image: busybox
      backoffLimit: 0
      commandSet:
        - "echo begins; echo 'ERROR: chunk 1 is lost'; sleep 1; echo done 1"
        - "echo begins; echo 'ERROR: chunk 22 is lost'; sleep 1; echo done 2"
        - "echo begins; echo 'ERROR: chunk 333 is lost'; sleep 1; exit 3"
      dependents:
        - { target: fetch, type: whole }
    - name: slow
      type: Job
      image: busybox
      backoffLimit: 0
      activeDeadlineSeconds: 6
      commandSet: ["echo slowly; sleep 120"]
      dependents:
        - { target: fetch, type: whole }
    - name: report
      type: Job
      image: busybox
      commandSet: ["echo never"]
      dependents:
        - { target: slow, type: whole }
`

let panel: FrameLocator

async function alone(): Promise<void> {
  await workbench().runCommand("View: Close All Editors")
  await workbench().page.locator("iframe.webview").first().waitFor({ state: "detached" })
}

async function shown(tab: RegExp): Promise<FrameLocator> {
  await workbench().page.locator(".tab.active", { hasText: tab }).first().waitFor()
  return workbench().webview()
}

test("a step is opened from the tree while it runs, and tells itself when it fails", async () => {
  writeFileSync(join(workbench().folder, "seven.yaml"), spec)
  await workbench().openFile("seven.yaml")
  await workbench().clickLens("Run")
  await workbench().showView("Runs")
  await unfold(await workbench().treeItem("Runs", "seven"))
  await unfold(await workbench().treeItem("Runs", "slow", "Running"))
  const row = await workbench().treeItem("Runs", "slow.0")
  await row.click()
  panel = await shown(/Step: slow\.0/)
  await panel.locator("header .word", { hasText: "Failed" }).waitFor({ timeout: 90_000 })
  await panel
    .locator(".reason", { hasText: '"slow.0" took longer than activeDeadlineSeconds: 6' })
    .waitFor()
  // Told by the cluster, not by us: its events, its conditions, what the Job asked for.
  await panel.locator('[data-part="events"] tr', { hasText: "DeadlineExceeded" }).first().waitFor()
  await panel
    .locator('[data-part="conditions"] tr', { hasText: "Job Failed" })
    .filter({ hasText: "DeadlineExceeded" })
    .waitFor()
  await panel.locator('[data-part="time"] .track').first().waitFor()
  await panel.locator('[data-part="side"]', { hasText: "busybox" }).waitFor()
  await workbench().screenshot("step-failed")
})

test("its YAML and its events are read from the cluster", async () => {
  await panel.getByRole("tab", { name: "Job YAML" }).click()
  await panel.locator(".yaml", { hasText: "activeDeadlineSeconds: 6" }).waitFor()
  assert.equal(await panel.locator(".yaml", { hasText: "managedFields" }).count(), 0)
  await panel.getByRole("tab", { name: /^Events/ }).click()
  // Not only what went wrong: it is read afresh, what is watched of good things is little.
  await panel.locator(".events tr", { hasText: "SuccessfulCreate" }).first().waitFor()
  await panel.getByRole("tab", { name: "Summary" }).click()
})

test("the amount that was too little is raised in the text, at its place", async () => {
  const { page } = workbench()
  await panel.getByRole("button", { name: 'Raise "activeDeadlineSeconds"…' }).click()
  await page.locator(".quick-input-list .monaco-list-row", { hasText: /^12/ }).first().waitFor()
  await workbench().screenshot("step-raise")
  await page.keyboard.press("Enter")
  await page
    .locator(".monaco-editor .view-line", { hasText: /activeDeadlineSeconds:\s12$/ })
    .first()
    .waitFor()
  await page.keyboard.press("Control+Z")
  await page
    .locator(".monaco-editor .view-line", { hasText: /activeDeadlineSeconds:\s6$/ })
    .first()
    .waitFor()
})

test("from a step lead ways to its row, its log, and to the steps beside it", async () => {
  const { page } = workbench()
  await panel.getByRole("button", { name: "Show in Runs" }).click()
  await page.locator('[role=treeitem][aria-selected="true"]', { hasText: "slow.0" }).waitFor()
  await panel.getByRole("button", { name: "fetch.0" }).click()
  panel = await shown(/Step: fetch\.0/)
  await panel.locator("header .word", { hasText: "Succeeded" }).waitFor()
  await panel.locator(".log", { hasText: "fetched" }).waitFor()
  await panel.getByRole("tab", { name: "Containers" }).click()
  await panel.locator(".containers tbody tr", { hasText: "busybox" }).waitFor()
  await panel.getByRole("tab", { name: "Pod YAML" }).click()
  await panel.locator(".yaml", { hasText: "kind: Pod" }).waitFor()
  await workbench().screenshot("step-pod-yaml")
  await panel.getByRole("tab", { name: "Summary" }).click()
  await panel.getByRole("button", { name: "Show Whole Log" }).click()
  await page.locator(".tab.active", { hasText: "fetch.0.log" }).waitFor()
})

test("what is chosen in the graph is chosen in the tree and the other way round; Enter opens the step", async () => {
  const { page } = workbench()
  await alone()
  await choose("seven", "Show Graph")
  panel = await shown(/Graph: seven/)
  await panel.locator("main[data-drawn]").waitFor()
  await unfold(await workbench().treeItem("Runs", "seven"))
  const report = await workbench().treeItem("Runs", "report")
  // The tooltip of the row above may lie over it.
  await page.mouse.move(0, 0)
  const tooltip = page.locator(".monaco-hover:visible, .workbench-hover:visible").first()
  await tooltip.waitFor({ state: "hidden" })
  await report.click()
  await panel.locator(".selection .strong", { hasText: /^report$/ }).waitFor()
  await panel.locator("[role=tree]").focus()
  await page.keyboard.press("ArrowLeft")
  await panel.locator(".selection .strong", { hasText: /^slow$/ }).waitFor()
  await page.locator('[role=treeitem][aria-selected="true"]', { hasText: /^slow/ }).waitFor()
  await workbench().screenshot("graph-and-tree")
  await panel.locator("[role=tree]").focus()
  await page.keyboard.press("Enter")
  panel = await shown(/Step: slow\.0/)
  await panel.locator("header .word", { hasText: "Failed" }).waitFor()
})

test("a step is opened from its bar in the sequence", async () => {
  const { page } = workbench()
  await alone()
  await choose("seven", "Show Sequence")
  panel = await shown(/Sequence: seven/)
  await panel.locator(".scroller canvas").waitFor()
  await panel.getByRole("button", { name: "Table", exact: true }).click()
  await panel
    .getByRole("row", { name: /align\.2/ })
    .first()
    .click()
  panel = await shown(/Step: align\.2/)
  await panel.locator(".reason", { hasText: "command ended with exit code 3" }).waitFor()
  await page.locator(".tab.active", { hasText: "Step: align.2" }).waitFor()
})

test("the logs of a run are one log: searched, led to errors, equal errors listed once", async () => {
  const { page } = workbench()
  await alone()
  await (await workbench().treeItem("Runs", "seven")).click()
  await workbench().runCommand("Kube Executions: Show Logs Together")
  panel = await shown(/Logs: seven/)
  for (const text of ["fetched", "done 1", "done 2"]) {
    await panel.locator(".row .text", { hasText: text }).waitFor()
  }
  await panel.getByRole("button", { name: "3 errors" }).click()
  await panel.locator(".group", { hasText: "3 steps" }).waitFor()
  await workbench().screenshot("logs-of-a-run")
  await panel.getByRole("button", { name: "Show Only These" }).click()
  await panel.getByText("3 match").waitFor()
  await panel.locator(".find").fill("chunk \\d{2,}")
  await panel.getByText("2 match").waitFor()
  await panel.locator(".scroller").focus()
  await page.keyboard.press("F4")
  await panel.locator(".row.current", { hasText: "is lost" }).waitFor()
})

test("the log is saved where a person wants it", async () => {
  const { page } = workbench()
  await panel.locator(".scroller").focus()
  await page.keyboard.press("Control+Shift+S")
  const input = page.locator(".quick-input-widget input.input")
  await input.waitFor()
  // The dialog shows before it has looked at the folder, and writes its own proposal only then.
  await page.waitForFunction(
    () =>
      document
        .querySelector<HTMLInputElement>(".quick-input-widget input.input")
        ?.value.endsWith(".log") === true,
  )
  const path = join(workbench().folder, "all.log")
  await input.fill(path)
  await page.keyboard.press("Enter")
  await input.waitFor({ state: "hidden" })
  const saved = await until("the log is saved", async () =>
    existsSync(path) ? readFileSync(path, "utf8").trim() || undefined : undefined,
  )
  const lines = saved.split("\n")
  assert.ok(lines.some((line) => /fetch\.0 \| fetched$/.test(line)))
  assert.equal(lines.filter((line) => line.includes("is lost")).length, 3)
})

/** From the menu of a row of the tree; by its keys, for a menu just opened takes no clicks yet. */
async function choose(row: string, act: string): Promise<void> {
  const { page } = workbench()
  await (await workbench().treeItem("Runs", row)).click({ button: "right" })
  const item = page.locator(".action-item", { has: page.getByRole("menuitem", { name: act }) })
  await item.first().waitFor()
  while (!(await item.first().evaluate((one) => one.classList.contains("focused")))) {
    await page.keyboard.press("ArrowDown")
  }
  await page.keyboard.press("Enter")
  await item.first().waitFor({ state: "hidden" })
}

/** A click on a step opens it; the sign before it turns a row over. */
async function unfold(row: Locator): Promise<void> {
  if ((await row.getAttribute("aria-expanded")) === "true") return
  await row.locator(".monaco-tl-twistie").click()
  await row.and(workbench().page.locator("[aria-expanded=true]")).waitFor()
}

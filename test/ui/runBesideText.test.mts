import { after, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-beside")
  return {
    workspace: "test/fixtures/again",
    settings: { "kubeExecutions.namespace": namespace.name, "kubeExecutions.notify": "all" },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

test("the pick says what runs where, and what can be changed first", async () => {
  const { page } = workbench()
  await workbench().openFile("again.yaml")
  await workbench().clickLens("Run")
  const row = (text: string) =>
    page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first()
  await row("Run as again")
    .filter({ hasText: `4 Jobs in bed / ${namespace.name}` })
    .waitFor()
  for (const text of ["Check on the server only", "Show the plan", "Name", "Place"]) {
    await row(text).waitFor()
  }
  await workbench().screenshot("run-pick-all")
  await page.keyboard.press("Escape")
})

test("the plan stands beside the text, follows it, and both are selected together", async () => {
  const { page } = workbench()
  await workbench().openFile("again.yaml")
  await workbench().clickLens("Plan: 4 Jobs")
  const plan = page.locator(".tab", { hasText: "again.plan.yaml" })
  await plan.waitFor()
  const editors = page.locator(".editor-instance")
  const text = editors.filter({ hasText: "batch/v1" })
  await text.first().waitFor()
  await page.locator(".monaco-editor").first().getByText("report", { exact: true }).first().click()
  await text.locator(".selected-text").first().waitFor()
  await text.getByText("again.report.0").first().waitFor()
  await workbench().screenshot("plan-beside")
})

test("a failed step is a mark on the command that caused it, and a run from there mends it: by keys alone", async () => {
  const { page } = workbench()
  await workbench().runCommand("View: Close All Editors")
  await workbench().openFile("again.yaml")
  await page.locator(".monaco-editor .codelens-decoration").first().waitFor()
  await page.keyboard.press("Control+F5")
  const pick = page.locator(".quick-input-list .monaco-list-row", { hasText: "Run as again" })
  await pick.first().waitFor()
  await page.keyboard.press("Enter")
  await workbench().notification('"again" failed: "align" step 1: command ended with exit code 3')
  await workbench().squiggle('"align" step 1: command ended with exit code 3')
  await decoration("✗ 1/2 · 1 failed").waitFor()
  await decoration("✓ 1/1").waitFor()
  await decoration("○ not started").waitFor()
  await workbench().screenshot("failed-beside-text")

  await page.keyboard.press("F8")
  await page.locator(".monaco-editor .peekview-widget, .marker-widget").first().waitFor()
  await workbench().screenshot("failed-next-problem")
  await page.keyboard.press("Escape")
  const fixes = page.locator(".action-widget", { hasText: 'Run again from "align"' }).first()
  await workbench().pressUntil("Control+.", fixes)
  await workbench().screenshot("failed-fixes")
  await page.keyboard.press("Escape")

  // The cursor is in the command that failed.
  await page.keyboard.press("End")
  for (const _ of "; exit 3") await page.keyboard.press("Backspace")
  await page.locator(".monaco-editor .squiggly-error").first().waitFor({ state: "detached" })
  await decoration("~ 1/2 · 1 failed").waitFor()
  await workbench().screenshot("changed-since")
  await page.keyboard.press("Control+S")
  await workbench().runCommand("Kube Executions: Run Again from This Task")
  await workbench().notification('"again-2" is done: 4 steps in')
  await decoration("↺ Reused from again").waitFor()
  await decoration("✓ 2/2").waitFor()
  await workbench().screenshot("mended-beside-text")
})

/** Words that stand behind a line: they are no text of the page, but the style of what follows it. */
function decoration(words: string) {
  return {
    waitFor: () =>
      workbench().page.waitForFunction((wanted) => {
        const spans = document.querySelectorAll(".monaco-editor .view-line span")
        return Array.from(spans).some((span) =>
          getComputedStyle(span, "::after").content.replaceAll("\u00a0", " ").includes(wanted),
        )
      }, words),
  }
}

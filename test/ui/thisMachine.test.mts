import { test } from "node:test"
import { useWorkbench } from "./useWorkbench.mts"

const workbench = useWorkbench({
  workspace: "test/fixtures/execution",
  env: { KUBECONFIG: "/nowhere/config" },
})

test("without a cluster the view offers to run here", async () => {
  const { page } = workbench()
  await page.locator(".activitybar a[aria-label^='Kube Executions']").waitFor()
  await workbench().showView("Runs")
  await page.getByRole("button", { name: "Run Here" }).waitFor()
  await workbench().screenshot("run-here")
})

test("a rehearsal is chosen beside the contexts, says what it is, and runs nothing", async () => {
  const { page } = workbench()
  await workbench().openFile("diamond.yaml")
  await workbench().runCommand("Kube Executions: Choose Where New Runs Go…")
  await row("This machine").waitFor()
  await workbench().screenshot("place-pick-without-cluster")
  await row("Rehearse (nothing runs)").click()
  await page.locator(".statusbar-item", { hasText: "Rehearsal" }).first().waitFor()
  await workbench().runCommand("Kube Executions: Run…")
  await row("Run as diamond").filter({ hasText: "nothing runs" }).waitFor()
  await workbench().screenshot("rehearsal-pick")
  await page.keyboard.press("Enter")
  await workbench().notification("A simulation: nothing runs")
  await workbench().showView("Runs")
  await workbench().treeItem("Runs", "diamond", "Succeeded", "4/4")
  await workbench().screenshot("rehearsal")
})

function row(text: string) {
  return workbench().page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first()
}

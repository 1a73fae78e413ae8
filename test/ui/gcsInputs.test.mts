import { after, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-inputs")
  return {
    workspace: "test/fixtures/demo",
    theme: "light",
    settings: { "kubeExecutions.namespace": namespace.name },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

test("inputs are asked for one after the other, judged while they are typed, and kept", async () => {
  const { page } = workbench()
  await workbench().openFile("variant-calling.gcs.yaml")
  await workbench().clickLens("Run")
  await row("Run as variant-calling").filter({ hasText: "7 Jobs" }).waitFor()
  await row("Inputs (2)").click()
  const asks = (text: string) => page.locator(".quick-input-widget", { hasText: text }).waitFor()
  await asks("(1/2)")
  const input = page.locator(".quick-input-widget input.input")
  await input.fill("[mother")
  await asks("This is not a list")
  await workbench().screenshot("inputs-form")
  await input.fill("[mother, father]")
  await asks('"samples" (list)')
  await page.keyboard.press("Enter")
  await asks("(2/2)")
  await page.keyboard.press("Enter")
  // The pick again, with what the new values make of it.
  await row("Run as variant-calling").filter({ hasText: "5 Jobs" }).waitFor()
  await workbench().screenshot("inputs-chosen")
  await page.keyboard.press("Escape")
  await workbench().clickLens("Run")
  await row("Run as variant-calling").filter({ hasText: "5 Jobs" }).waitFor()
  await page.keyboard.press("Escape")
})

function row(text: string) {
  return workbench().page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first()
}

import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { parse, stringify } from "yaml"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace
const folder = mkdtempSync(join(tmpdir(), "kube-executions-places-"))
const kubeconfig = join(folder, "config")

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-places")
  const config = parse(readFileSync(cluster.kubeconfig, "utf8"))
  const [own] = config.contexts
  const context = (name: string) => ({
    name,
    context: { ...own.context, namespace: namespace.name },
  })
  writeConfig({ ...config, contexts: [context("lab"), context("genome-prod")] }, "lab")
  return { workspace: "test/fixtures/again", env: { KUBECONFIG: kubeconfig } }
})
after(async () => {
  rmSync(folder, { recursive: true })
  await namespace?.remove()
  cluster?.close()
})

test("new runs go where the status bar says, and that is chosen there; the kubeconfig stays", async () => {
  const { page } = workbench()
  const before = readFileSync(kubeconfig, "utf8")
  await workbench().openFile("again.yaml")
  await place("kubectl's context").click()
  await row("lab").filter({ hasText: "kubectl's current" }).waitFor()
  await workbench().screenshot("place-pick")
  await row("genome-prod").click()
  await row(namespace.name).waitFor()
  await workbench().screenshot("place-namespace")
  await page.keyboard.press("Enter")
  await place(`genome-prod / ${namespace.name}`).waitFor()
  if (readFileSync(kubeconfig, "utf8") !== before) throw new Error("the kubeconfig was changed")
})

test("a protected context wants its name typed before anything is created", async () => {
  const { page } = workbench()
  await page.locator(".monaco-editor .codelens-decoration").first().waitFor()
  await workbench().clickLens("Run")
  await row("Run as again").filter({ hasText: "genome-prod" }).waitFor()
  await page.keyboard.press("Enter")
  const box = page.locator(".quick-input-widget", { hasText: "Type the context's name" })
  await box.waitFor()
  await page.keyboard.type("genome-lab")
  const said = page.locator(".quick-input-widget", {
    hasText: 'The context is called "genome-prod"',
  })
  await said.waitFor()
  await workbench().screenshot("protected-context")
  await page.keyboard.press("Escape")
  const { stdout } = await cluster.kubectl("get", "executions", "-n", namespace.name, "-o", "name")
  if (stdout.trim() !== "") throw new Error(`created without the name: ${stdout}`)
})

test("a context that kubectl turns to is told, and new runs go there only when that is wished", async () => {
  await workbench().runCommand("Kube Executions: Choose Where New Runs Go…")
  await row("Go Where kubectl Points").click()
  await place(`lab / ${namespace.name}`).waitFor()
  writeConfig(parse(readFileSync(kubeconfig, "utf8")), "genome-prod")
  await workbench().notification("kubectl now points to genome-prod. New runs still go to lab.")
  await workbench().screenshot("kubectl-turned")
  await place(`lab / ${namespace.name}`).waitFor()
  const { page } = workbench()
  await page.locator(".notifications-toasts").getByText("Switch", { exact: true }).click()
  await place(`genome-prod / ${namespace.name}`).waitFor()
})

/** As kubectl does it: whole, under another name first. */
function writeConfig(config: object, current: string): void {
  writeFileSync(`${kubeconfig}.new`, stringify({ ...config, "current-context": current }))
  renameSync(`${kubeconfig}.new`, kubeconfig)
}

function place(text: string) {
  return workbench().page.locator(".statusbar-item", { hasText: text }).first()
}

function row(text: string) {
  return workbench().page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first()
}

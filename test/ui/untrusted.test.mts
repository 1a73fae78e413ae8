import assert from "node:assert/strict"
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { useWorkbench } from "./useWorkbench.mts"

const folder = mkdtempSync(join(tmpdir(), "untrusted-"))
const engine = join(folder, "engine")
const kubeconfig = join(folder, "config")
const marker = join(folder, "plug-in was started")

const config = `apiVersion: v1
kind: Config
current-context: trap
clusters:
  - name: trap
    cluster: { server: "https://127.0.0.1:1" }
contexts:
  - name: trap
    context: { cluster: trap, user: trap }
users:
  - name: trap
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: touch
        args: ["${marker}"]
        interactiveMode: Never
`

const workbench = useWorkbench(async () => {
  // Whoever reads it and logs in as it says leaves a mark.
  writeFileSync(kubeconfig, config)
  return {
    workspace: "test/fixtures/journey",
    isUntrusted: true,
    env: { KUBE_EXECUTIONS_HOME: engine, KUBECONFIG: kubeconfig },
  }
})
after(() => rmSync(folder, { recursive: true, force: true }))

test("in a folder that is not trusted specs are checked and drawn", async () => {
  const { page } = workbench()
  await workbench().openFile("journey.yaml")
  await workbench().squiggle("Tasks wait for each other")
  await workbench().runCommand("Kube Executions: Show Graph")
  const graph = await workbench().webview()
  await graph.locator("main[data-drawn]").waitFor()
  await page.locator(".monaco-editor .view-line").first().click()
})

test("nothing runs and no kubeconfig is read; each way to do so says why and leads to trust", async () => {
  const { page } = workbench()
  await workbench().showView("Runs")
  const view = page.locator(".welcome-view", { hasText: "This folder is not trusted" })
  await view.first().waitFor()
  await view.getByRole("button", { name: "Manage Trust" }).waitFor()
  await workbench().screenshot("untrusted")
  await workbench().runCommand("Kube Executions: Choose Where New Runs Go…")
  const said = page.locator(".notifications-toasts", { hasText: "This folder is not trusted" })
  await said.first().waitFor()
  assert.ok(!existsSync(engine) || readdirSync(engine).length === 0, "an engine was started")
  assert.ok(!existsSync(marker), "the kubeconfig was used")
  await said.getByText("Manage Trust", { exact: true }).first().click()
  const trust = page.locator(".workspace-trust-editor")
  await trust.waitFor()
  await workbench().screenshot("untrusted-manage")
  await trust.getByRole("button", { name: "Trust", exact: true }).first().click()
  // From now on the kubeconfig counts: its login program is asked about.
  await page.locator(".monaco-dialog-box", { hasText: "starts a program" }).waitFor()
  assert.ok(!existsSync(marker))
})

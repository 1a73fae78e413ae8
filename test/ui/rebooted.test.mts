import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import type { Locator } from "playwright-core"
import { findRuntime } from "../../engine/local/runtime.ts"
import { until } from "../cluster/until.mts"
import { engineIn, gone } from "./engineIn.mts"
import { useWorkbench } from "./useWorkbench.mts"

const home = mkdtempSync(join(tmpdir(), "rebooted-"))
const engine = engineIn(home)
const run = join(home, "local/runs/default/overnight")

const workbench = useWorkbench(async () => {
  if (!(await findRuntime([]))) {
    throw new Error("Nothing can be run on this machine: there is no docker, podman or bubblewrap.")
  }
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.run.confirm": "never" },
    env: { KUBECONFIG: "/nowhere/config", KUBE_EXECUTIONS_HOME: home },
  }
})
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }))

const spec = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: overnight
spec:
  tasks:
    - name: long
      type: Job
      image: busybox
      commandSet: ["echo begun; until [ -e /data/go ]; do sleep 0.1; done; echo done"]
      volumes: { data: { mountPath: /data, mountFrom: { pvc: data } } }
    - name: report
      type: Job
      image: busybox
      commandSet: ["echo reported"]
      dependents:
        - { target: long, type: whole }
`

test("a step whose process was killed with everything else says that it is gone, and what can be done stands beside it", async () => {
  const { page } = workbench()
  writeFileSync(join(workbench().folder, "overnight.yaml"), spec)
  await workbench().openFile("overnight.yaml")
  await workbench().runCommand("Kube Executions: Run on This Machine")
  // Said where a sandbox is all that this machine has.
  const caution = page.locator(".notifications-toasts").getByText('Run on "This machine"')
  const output = page.locator(".panel .view-line", { hasText: /long\.0\s\|\sbegun/ }).first()
  await caution.or(output).first().waitFor()
  if (await caution.isVisible()) await caution.click()
  await output.waitFor()

  await workbench().closeWindow()
  await engine.kill()
  for (const { pid } of supervisors()) await kill(pid)

  await workbench().openWindow()
  await workbench().showView("Runs")
  await unfold(await workbench().treeItem("Runs", "overnight", "Failed 0/2"))
  await workbench().treeItem("Runs", "report", "Not started")
  const row = await workbench().treeItem("Runs", "long", "lost its process")
  await row.hover()
  const tooltip = page.locator(".monaco-hover, .workbench-hover", {
    hasText: "lost its process, and nobody saw how it ended: its supervisor was ended from outside",
  })
  await tooltip.first().waitFor()
  await workbench().screenshot("afterwards-process-gone-tooltip")
  await unfold(row)
  await (await workbench().treeItem("Runs", "long.0")).click()
  await page.locator(".tab.active", { hasText: "Step: long.0" }).waitFor()
  const panel = await workbench().webview()
  await panel.locator(".reason", { hasText: "lost its process" }).waitFor()
  await panel.getByRole("button", { name: 'Run Again from "long"' }).waitFor()
  await panel.locator('[data-part="log"]', { hasText: "begun" }).waitFor()
  await workbench().screenshot("afterwards-process-gone")
  await panel.getByRole("button", { name: "Retry This Step as It Was" }).click()
  await workbench().treeItem("Runs", "long", "Running")
})

test("after a reboot a step begins again by itself, and it is said that this is not counted", async () => {
  await until("the step runs again", async () => supervisors().length === 1)
  await workbench().closeWindow()
  await engine.kill()
  for (const { file, pid } of supervisors()) {
    await kill(pid)
    // As the file looks after a reboot: another start of the machine wrote it.
    writeFileSync(file, `${pid} 1 another-boot`)
  }

  await workbench().openWindow()
  await workbench().showView("Runs")
  await unfold(await workbench().treeItem("Runs", "overnight", "Running 0/2"))
  await unfold(await workbench().treeItem("Runs", "long", "Running"))
  await unfold(await workbench().treeItem("Runs", "long.0", "Running"))
  await unfold(await workbench().treeItem("Runs", "attempt 2", "Running"))
  await workbench().treeItem("Runs", "try 1", "the machine was started anew while it ran")
  await workbench().treeItem("Runs", "try 2", "Running")
  await (await workbench().treeItem("Runs", "long.0")).click()
  const panel = await workbench().webview()
  await panel.locator("header .word", { hasText: "Running" }).waitFor()
  await workbench().screenshot("afterwards-rebooted")
  writeFileSync(join(run, "claims/data/go"), "")
  await workbench().treeItem("Runs", "overnight", "Succeeded", "2/2")
  await workbench().screenshot("afterwards-rebooted-end")
})

/** Those that live, beside their containers. */
function supervisors(): readonly { readonly file: string; readonly pid: number }[] {
  return globSync(join(run, "jobs/*/pods/*/c*/pid"))
    .map((file) => ({ file, pid: Number(readFileSync(file, "utf8").split(" ")[0]) }))
    .filter(({ pid }) => isAlive(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** With all that it watches over. */
async function kill(pid: number): Promise<void> {
  process.kill(-pid, "SIGKILL")
  await gone(pid)
}

async function unfold(row: Locator): Promise<void> {
  if ((await row.getAttribute("aria-expanded")) === "true") return
  await row.locator(".monaco-tl-twistie").click()
  await row.and(workbench().page.locator("[aria-expanded=true]")).waitFor()
}

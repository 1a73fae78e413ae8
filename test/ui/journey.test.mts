import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { after, test } from "node:test"
import type { Page } from "playwright-core"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { until } from "../cluster/until.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-journey")
  return {
    workspace: "test/fixtures/journey",
    settings: { "kubeExecutions.namespace": namespace.name, "kubeExecutions.notify": "all" },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

test("by keys alone: open, mend a cycle by a fix, run, fail, jump to the line, edit, run again from there, succeed", async () => {
  const { page } = workbench()
  const { keyboard } = page
  await countClicks(page)

  await keyboard.press("Control+P")
  await keyboard.type("journey.yaml")
  await row(page, "journey.yaml").waitFor()
  await keyboard.press("Enter")
  await page.locator(".tab.active", { hasText: "journey.yaml" }).waitFor()

  const errors = page.locator(".monaco-editor .squiggly-error")
  await errors.first().waitFor()
  await nextProblem(page, "Tasks wait for each other: fetch → align → report → fetch")
  await workbench().screenshot("journey-1-cycle")
  await keyboard.press("Escape")
  await workbench().pressUntil("Control+.", fixes(page, 'Remove this dependency on "report"'))
  await workbench().screenshot("journey-2-fixes")
  await choose(page, 'Remove this dependency on "report"')
  await errors.first().waitFor({ state: "detached" })
  await keyboard.press("Control+S")
  await saved("dependents: []")

  await keyboard.press("Control+F5")
  await row(page, "Run as journey").filter({ hasText: "3 Jobs" }).waitFor()
  await keyboard.press("Enter")
  await workbench().notification('"journey" failed: "align": command ended with exit code 3')
  await nextProblem(page, '"align": command ended with exit code 3')
  await workbench().screenshot("journey-3-failure")
  await keyboard.press("Escape")
  await page.locator(".monaco-editor .active-line-number", { hasText: /^17$/ }).first().waitFor()

  await keyboard.press("End")
  for (const _ of "; exit 3") await keyboard.press("Backspace")
  await errors.first().waitFor({ state: "detached" })
  await keyboard.press("Control+S")
  await saved("- echo no such reads >&2\n")
  await keyboard.press("F1")
  await keyboard.type("Run Again from This Task")
  await row(page, "Run Again from This Task").waitFor()
  await keyboard.press("Enter")
  await workbench().notification('"journey-2" is done: 3 steps in')
  await workbench().screenshot("journey-4-success")
  assert.equal(await clicks(page), 0, "the mouse was used")

  const path = `/apis/execution.kubegene.io/v1alpha1/namespaces/${namespace.name}/executions/journey-2`
  const { status } = await cluster.api.get<Execution>(path)
  assert.deepEqual(
    Object.fromEntries(Object.entries(status.vertices).map(([name, { phase }]) => [name, phase])),
    {
      "journey-2.fetch.0": "Reused",
      "journey-2.align.0": "Succeeded",
      "journey-2.report.0": "Succeeded",
    },
  )
})

/** What is in sight as saved may not be on the disk yet. */
async function saved(text: string): Promise<void> {
  const file = join(workbench().folder, "journey.yaml")
  await until("the file is saved", async () => readFileSync(file, "utf8").includes(text))
}

interface Execution {
  readonly status: { readonly vertices: Readonly<Record<string, { readonly phase: string }>> }
}

function row(page: Page, text: string) {
  return page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first()
}

function fixes(page: Page, text: string) {
  return page.locator(".action-widget .monaco-list-row", { hasText: text }).first()
}

/** Goes to the next problem until it is this one. */
async function nextProblem(page: Page, message: string): Promise<void> {
  await workbench().pressUntil("F8", page.locator(".marker-widget", { hasText: message }).first())
}

/** Walks to an item of the menu and takes it. */
async function choose(page: Page, text: string): Promise<void> {
  const focused = page.locator(".action-widget .monaco-list-row.focused", { hasText: text })
  for (let steps = 0; steps < 20 && !(await focused.isVisible()); steps++) {
    await page.keyboard.press("ArrowDown")
  }
  await focused.waitFor()
  await page.keyboard.press("Enter")
}

async function countClicks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counted = window as unknown as { clicks: number }
    counted.clicks = 0
    window.addEventListener("mousedown", () => counted.clicks++, { capture: true })
  })
}

function clicks(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { clicks: number }).clicks)
}

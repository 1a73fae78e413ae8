import assert from "node:assert/strict"
import { after, test } from "node:test"
import type { FrameLocator } from "playwright-core"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-graph")
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.namespace": namespace.name },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

let graph: FrameLocator

/** The twin behind the picture holds what the picture shows, in words. */
function task(name: string, ...words: readonly string[]) {
  let item = graph.locator("[role=treeitem]", { hasText: new RegExp(`^${name}, `) })
  for (const word of words) item = item.filter({ hasText: word })
  return item
}

test("the graph of a spec opens beside its text", async () => {
  await workbench().openFile("diamond.yaml")
  await workbench().page.locator(".monaco-editor .view-line").first().click()
  await workbench().page.keyboard.press("Control+K")
  await workbench().page.keyboard.press("v")
  graph = await workbench().webview()
  await graph.locator("main[data-drawn]").waitFor()
  await task("d", "waits for b and c").waitFor({ state: "attached" })
  await workbench().screenshot("graph-beside")
})

test("the picture follows the text as it is typed, and outlives a line that cannot be read", async () => {
  const { page } = workbench()
  await page.locator(".monaco-editor .view-line", { hasText: /name:\sc$/ }).click()
  await page.keyboard.press("End")
  await page.keyboard.type("c")
  await task("cc").waitFor({ state: "attached" })
  await page.keyboard.type(": [")
  await graph.locator(".banner", { hasText: "cannot be read" }).waitFor()
  assert.equal(await task("cc").count(), 1)
  for (const _ of ": [c") await page.keyboard.press("Backspace")
  await task("c", "waits for a").waitFor({ state: "attached" })
  await graph.locator(".banner", { hasText: "cannot be read" }).waitFor({ state: "hidden" })
})

test("a task that is chosen in the picture is where the cursor goes, and the other way round", async () => {
  const { page } = workbench()
  await page.locator(".monaco-editor .view-line", { hasText: /name:\sd$/ }).click()
  await graph.locator(".selection .strong", { hasText: /^d$/ }).waitFor()
  await graph.locator("[role=tree]").focus()
  // A panel that is higher than wide has its graph from top to bottom.
  await page.keyboard.press("ArrowUp")
  await page.keyboard.press("ArrowUp")
  await graph.locator(".selection .strong", { hasText: /^a$/ }).waitFor()
  const line = await graph.locator(".selection button", { hasText: "Go to Line" }).textContent()
  const number = line?.replace(/\D+/g, "")
  await page
    .locator(".monaco-editor .active-line-number", { hasText: new RegExp(`^${number}$`) })
    .waitFor()
})

test("while the workflow runs its graph shows how each task stands", async () => {
  const { page } = workbench()
  await page.locator(".monaco-editor .view-line").first().click()
  await page.keyboard.press("Control+S")
  await workbench().clickLens("Run")
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Run as diamond" }).waitFor()
  await page.keyboard.press("Enter")
  await graph.locator("header .word", { hasText: "Succeeded" }).waitFor({ timeout: 90_000 })
  await task("d", "succeeded").waitFor({ state: "attached" })
  await graph.locator("header", { hasText: "4 of 4 steps done" }).waitFor()
  await workbench().screenshot("graph-run")
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { useWorkbench } from "./useWorkbench.mts"

const workbench = useWorkbench({
  workspace: "test/fixtures/mistakes",
  extensions: ["test/ui/otherYaml"],
})

/** A line of the active editor, by a part of its text. */
function line(text: string) {
  return workbench().page.locator(".monaco-editor .view-line", { hasText: text }).first()
}

/** The rows of the Problems view that hold a text. */
function problems(text: string) {
  return workbench().page.locator(".markers-panel .monaco-list-row", { hasText: text })
}

test("beside another extension's word on the same key, everything of ours is said once", async () => {
  const { page } = workbench()
  await workbench().openFile("several.yaml")
  await workbench().squiggle('Unknown key "comandSet"')
  await workbench().runCommand("View: Focus Problems")
  await problems("Property comandSet is not allowed.").first().waitFor()
  await problems('Unknown key "comandSet"').first().waitFor()
  for (const message of [
    'Unknown key "comandSet"',
    '"8GiB" is not an amount',
    '"Trim" is not',
    "Property comandSet",
  ]) {
    assert.equal(await problems(message).count(), 1, message)
  }
  await line("comandSet").getByText("comandSet").first().click()
  const rename = page.locator(".action-widget .monaco-list-row", {
    hasText: 'Rename this key to "commandSet"',
  })
  await workbench().pressUntil("Control+.", rename.first())
  assert.equal(await rename.count(), 1)
  await workbench().screenshot("fixes-beside-another-extension")
  await rename.first().click()
  await line("commandSet:").waitFor()
  await problems('Unknown key "comandSet"').waitFor({ state: "detached" })
  await problems("Property comandSet").waitFor({ state: "detached" })
  await workbench().screenshot("fixed-beside-another-extension")
})

test("a cycle is opened by a fix, and with it every word about it goes", async () => {
  const { page } = workbench()
  await workbench().openFile("cycle.yaml")
  const squiggles = page.locator(".monaco-editor .squiggly-error")
  await workbench().squiggle("Tasks wait for each other")
  await line("target: report").getByText("report").first().click()
  const fixes = page.locator(".action-widget .monaco-list-row")
  const removal = fixes.filter({ hasText: 'Remove this dependency on "report"' }).first()
  await workbench().pressUntil("Control+.", removal)
  await fixes
    .filter({ hasText: 'Remove the dependency of "report" on "multiqc"' })
    .first()
    .waitFor()
  await workbench().screenshot("cycle-fixes")
  await removal.click()
  await line("dependents: []").waitFor()
  await squiggles.first().waitFor({ state: "detached" })
  await workbench().screenshot("cycle-gone")
})

test("a task is renamed with everything that waits for it", async () => {
  const { page } = workbench()
  await workbench().openFile("cycle.yaml")
  await line("name: align").getByText("align").first().click()
  await page.keyboard.press("F2")
  const input = page.locator(".rename-box input")
  await input.waitFor()
  assert.equal(await input.inputValue(), "align")
  await input.fill("multiqc")
  await page.keyboard.press("Enter")
  await page
    .locator(".monaco-editor-overlaymessage, .notifications-toasts", {
      hasText: 'Another task is named "multiqc"',
    })
    .first()
    .waitFor()
  await workbench().screenshot("rename-refused")
  await line("name: align").getByText("align").first().click()
  await page.keyboard.press("F2")
  await input.fill("map-reads")
  await workbench().screenshot("rename-asked")
  await page.keyboard.press("Enter")
  await line("name: map-reads").waitFor()
  await line("target: map-reads").waitFor()
  await workbench().screenshot("renamed")
})

test("a spec is laid out, and its comments and texts stay", async () => {
  const { page } = workbench()
  await workbench().openFile("untidy.yaml")
  await line("kind:").click()
  await workbench().runCommand("Format Document")
  await page.locator(".monaco-editor .view-line").getByText("kind: Execution").first().waitFor()
  await workbench().screenshot("laid-out")
})

test("a spec written as JSON is a JSON file from then on", async () => {
  const { page } = workbench()
  await workbench().openFile("untidy.yaml")
  await line("apiVersion:").click()
  await workbench().runCommand("Refactor...")
  const ways = page.locator(".action-widget .monaco-list-row")
  await ways.filter({ hasText: "Write this file as JSON (2 comments go)" }).first().click()
  await page.locator(".tab.active", { hasText: "untidy.json" }).waitFor()
  await line('"kind": "Execution"').waitFor()
  await workbench().screenshot("written-as-json")
})

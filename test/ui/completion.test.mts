import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { test } from "node:test"
import { parse } from "#core/spec/parse"
import { useWorkbench } from "./useWorkbench.mts"

const workbench = useWorkbench({
  workspace: "test/fixtures/empty",
  settings: { "editor.autoClosingBrackets": "never", "editor.wordBasedSuggestions": "off" },
})

/** Opens the suggestions at the cursor and takes the one of this label. */
async function take(label: string): Promise<void> {
  const { page } = workbench()
  await page.keyboard.press("Control+Space")
  const row = page.locator(".suggest-widget.visible .monaco-list-row", { hasText: label })
  await row.first().waitFor()
  // The row whose label is exactly this one, found with the keys that a person has.
  for (let steps = 0; steps < 40; steps++) {
    const focused = page.locator(".suggest-widget.visible .monaco-list-row.focused")
    const shown = await focused.locator(".label-name").first().textContent()
    if (shown?.trim() === label) break
    await page.keyboard.press("ArrowDown")
  }
  await page.keyboard.press("Enter")
  await page.locator(".suggest-widget.visible").waitFor({ state: "hidden" })
}

/** Out of the snippet, to the end of the text, and a new line at this column. */
async function nextLine(column: number): Promise<void> {
  const { page } = workbench()
  await page.keyboard.press("Escape")
  await page.keyboard.press("Control+End")
  const line = page.locator(".monaco-editor .view-line")
  const text = (await line.allInnerTexts()).at(-1)?.replaceAll("\u00a0", " ") ?? ""
  if (text.trim() !== "") await page.keyboard.press("Enter")
  await page.keyboard.press("Shift+Home")
  await page.keyboard.press("Delete")
  await page.keyboard.type(" ".repeat(column))
}

test("a spec of six tasks is written from an empty file through the suggest widget alone", async () => {
  const { page, folder } = workbench()
  await workbench().openFile("new.execution.yaml")
  await page.locator(".monaco-editor .view-lines").first().click()
  await take("Execution: workflow of Kubernetes Jobs")
  for (const kind of [
    "task",
    "task after another",
    "task with a condition",
    "task that fans out",
  ]) {
    await nextLine(4)
    await take(kind)
  }
  await nextLine(4)
  await page.keyboard.press("Control+Space")
  await page.locator(".suggest-widget.visible .monaco-list-row").first().waitFor()
  await workbench().screenshot("completion-offers")
  await page.keyboard.press("Escape")
  await take("task after another")
  await page.keyboard.press("Escape")
  await page.keyboard.press("Control+S")
  await page.locator(".tab.active:not(.dirty)").waitFor()
  await workbench().screenshot("completion-six-tasks")
  const text = await readFile(join(folder, "new.execution.yaml"), "utf8")
  const [document] = parse(text, "new.execution.yaml")
  assert.equal(document?.workflow.tasks.length, 6, text)
  const errors = document.problems.filter(({ severity }) => severity === "error")
  assert.deepEqual(errors, [], text)
})

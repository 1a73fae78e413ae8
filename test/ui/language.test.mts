import { test } from "node:test"
import { useWorkbench } from "./useWorkbench.mts"

const workbench = useWorkbench({ workspace: "test/fixtures/mistakes" })

test("every mistake of a spec is marked at once, each at its own word", async () => {
  const { page } = workbench()
  await workbench().openFile("several.yaml")
  await workbench().squiggle('There is no task "fecth": did you mean "fetch"?')
  await workbench().runCommand("View: Focus Problems")
  for (const message of ['Unknown key "comandSet"', '"8GiB" is not an amount', '"Trim" is not']) {
    await page.locator(".markers-panel .monaco-list-row", { hasText: message }).first().waitFor()
  }
  await workbench().screenshot("several-problems")
})

test("a cycle is said once with its whole path, and leads to each other edge of it", async () => {
  const { page } = workbench()
  await workbench().openFile("cycle.yaml")
  await workbench().squiggle("Tasks wait for each other: align → multiqc → report → align")
  await workbench().runCommand("View: Focus Problems")
  const problem = page.locator(".markers-panel .monaco-list-row", { hasText: "Tasks wait" })
  await problem.first().click()
  await page.keyboard.press("ArrowRight")
  const related = page.locator(".markers-panel .monaco-list-row", { hasText: "waits for" })
  await related.first().waitFor()
  await workbench().screenshot("cycle")
})

test("the pointer on a key says what it means", async () => {
  const { page } = workbench()
  await workbench().openFile("several.yaml")
  await page.locator(".monaco-editor .view-lines").getByText("resources", { exact: true }).hover()
  await page.locator(".monaco-hover:visible", { hasText: "resources" }).first().waitFor()
  await workbench().screenshot("hover")
})

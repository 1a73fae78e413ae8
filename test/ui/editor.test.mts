import { test } from "node:test"
import { useWorkbench } from "./useWorkbench.mts"

const workbench = useWorkbench({ workspace: "test/fixtures/execution" })

test("a spec of the workspace opens in an editor", async () => {
  await workbench().openFile("diamond.yaml")
  const line = workbench().page.locator(".monaco-editor .view-line", { hasText: "kind:" })
  await line.first().waitFor()
  await workbench().screenshot("editor")
})

test("a dependency on a task that is not there is underlined, and the underline says so", async () => {
  await workbench().openFile("unknown-dependency.yaml")
  await workbench().squiggle('There is no task "fecth"')
  await workbench().screenshot("squiggle")
})

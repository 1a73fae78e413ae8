import { test } from "node:test"
import { useWorkbench } from "./useWorkbench.mts"

const workbench = useWorkbench({ workspace: "test/fixtures/execution" })

test("a spec of the workspace opens in an editor", async () => {
  await workbench().openFile("diamond.yaml")
  const line = workbench().page.locator(".monaco-editor .view-line", { hasText: "kind:" })
  await line.first().waitFor()
  await workbench().screenshot("editor")
})

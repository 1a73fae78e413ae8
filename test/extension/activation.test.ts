import { ok } from "node:assert/strict"
import { extensions } from "vscode"

const id = "kube-executions.kube-executions"

describe("the extension", () => {
  it("activates", async () => {
    const extension = extensions.getExtension(id)
    ok(extension, `VS Code does not know ${id}`)
    await extension.activate()
    ok(extension.isActive)
  })
})

import { deepEqual, ok } from "node:assert/strict"
import { commands, extensions } from "vscode"

describe("commands", () => {
  it("each command that the manifest names can be run once the extension is active", async () => {
    const extension = extensions.getExtension("kube-executions.kube-executions")
    ok(extension)
    await extension.activate()
    const contributed: readonly { readonly command: string }[] =
      extension.packageJSON.contributes?.commands ?? []
    const known = new Set(await commands.getCommands(true))
    ok(contributed.length > 0, "the manifest names no command")
    deepEqual(
      contributed.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    )
  })
})

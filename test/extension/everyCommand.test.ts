import { deepEqual, ok } from "node:assert/strict"
import { extensions } from "vscode"
import { calledCommands } from "./support/calledCommands.ts"

describe("every command", () => {
  it("that the manifest names was called by a suite before this one", () => {
    const manifest = extensions.getExtension("kube-executions.kube-executions")?.packageJSON
    const contributed: readonly { readonly command: string }[] =
      manifest?.contributes?.commands ?? []
    ok(contributed.length > 0, "the manifest names no command")
    deepEqual(
      contributed.map(({ command }) => command).filter((command) => !calledCommands.has(command)),
      [],
      "commands that no suite of test/extension calls",
    )
  })
})

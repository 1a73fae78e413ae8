import { tmpdir } from "node:os"
import { expect, test } from "vitest"
import { optionOf, parseCommandLine, queryOf } from "./commandLine.mts"

test("an option's value follows after = or as the next word", () => {
  const line = parseCommandLine(["--extensionTestsPath=/t", "--user-data-dir", "/u", "-n"])
  expect(optionOf(line, "extensionTestsPath")).toBe("/t")
  expect(optionOf(line, "user-data-dir")).toBe("/u")
  expect(line.paths).toEqual([])
})

test("an option that takes no value leaves the next word to the paths", () => {
  const line = parseCommandLine(["--disable-workspace-trust", "/folder"])
  expect(line.options.get("disable-workspace-trust")).toBe(true)
  expect(line.paths).toEqual(["/folder"])
})

test("every extension under development is kept", () => {
  const line = parseCommandLine(["--extensionDevelopmentPath=/a", "--extensionDevelopmentPath=/b"])
  expect(line.extensions).toEqual(["/a", "/b"])
})

test("a folder is opened as a folder, a file as an editor, and nothing as an empty window", () => {
  const folder = queryOf(parseCommandLine([tmpdir(), "/no/such/file.yaml"]), "127.0.0.1:1")
  expect(folder.get("folder")).toBe(tmpdir())
  expect(folder.get("payload")).toBe(
    '[["openFile","vscode-remote://127.0.0.1:1/no/such/file.yaml"]]',
  )
  expect(queryOf(parseCommandLine([]), "127.0.0.1:1").get("ew")).toBe("true")
})

import { deepEqual, equal, ok } from "node:assert/strict"
import { commands, env, extensions, languages, type Uri, window, workspace } from "vscode"

const id = "kube-executions.kube-executions"

describe("what the views offer without a cluster", () => {
  before(async () => {
    await extensions.getExtension(id)?.activate()
  })
  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"))

  it("opens a copy of each example, which is checked like any spec", async () => {
    for (const name of ["hello.yaml", "with-a-mistake.yaml", "fan-out.yaml", "function.json"]) {
      await commands.executeCommand("kubeExecutions.openExample", name)
      const document = window.activeTextEditor?.document
      ok(document?.isUntitled, name)
      const mistakes = name === "with-a-mistake.yaml" ? 1 : 0
      await until(() => errorsOf(document.uri).length >= mistakes)
      equal(errorsOf(document.uri).length > 0, mistakes > 0, name)
    }
  })

  it("copies the role that an administrator applies", async () => {
    void commands.executeCommand("kubeExecutions.copyRole")
    await until(async () => (await env.clipboard.readText()).includes("kube-executions-user"))
  })

  it("every welcome text names a command, and there is every one that is named", async () => {
    const manifest = extensions.getExtension(id)?.packageJSON
    const known = new Set(await commands.getCommands(true))
    const texts: readonly { readonly contents: string }[] = manifest.contributes.viewsWelcome
    ok(texts.length > 5)
    for (const { contents } of texts) {
      const named = [...contents.matchAll(/\(command:([\w.]+)/g)].map(
        ([, command]) => command ?? "",
      )
      ok(named.length > 0, contents)
      deepEqual(
        named.filter((command) => !known.has(command)),
        [],
      )
    }
  })

  it("arranges the tree without anything to show", async () => {
    for (const command of ["showDagTree", "showFlatTree", "clearRunFilter", "tryAgain"]) {
      await commands.executeCommand(`kubeExecutions.${command}`)
    }
    await commands.executeCommand("kubeExecutions.runs.focus")
  })

  it("reads settings of its own with their defaults", () => {
    const settings = workspace.getConfiguration("kubeExecutions")
    equal(settings.get("logs.keepMb"), 200)
    equal(settings.get("logs.timestamps"), true)
  })
})

function errorsOf(uri: Uri) {
  return languages.getDiagnostics(uri).filter(({ severity }) => severity === 0)
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}

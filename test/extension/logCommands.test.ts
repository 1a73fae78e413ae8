import { doesNotMatch, match } from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { commands, type TextDocument, window, workspace } from "vscode"
import { answering } from "./support/answers.ts"
import {
  cluster,
  ended,
  namespace,
  openSpec,
  row,
  specOf,
  until,
  untilAsync,
} from "./support/bed.ts"

const run = (id: string, ...args: readonly unknown[]) =>
  commands.executeCommand(`kubeExecutions.${id}`, ...args)

describe("logs", function () {
  this.timeout(60_000)

  before(async () => {
    const { uri } = await openSpec("printed.yaml", specOf("printed", { a: "echo from-a" }))
    await answering([], () => run("runAgain", uri, 0))
    await ended("printed")
  })
  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"))

  /** The log in the active editor, once it says this. */
  const log = (wanted: RegExp): Promise<TextDocument> =>
    until(() => {
      const document = window.activeTextEditor?.document
      if (document?.uri.scheme !== "kube-execution-log") return undefined
      return wanted.test(document.getText()) ? document : undefined
    })

  it("Show Log opens a step's log as a document and a run's as output", async () => {
    await run("showLog", row("printed", "a.0"))
    await log(/from-a/)
    await run("showLog", row("printed"))
    await until(() =>
      workspace.textDocuments.some(
        (one) => one.uri.scheme === "output" && one.getText().includes("a.0 | from-a"),
      ),
    )
  })

  it("Show Log from before the Restart says that nothing was started twice", async () => {
    await run("showPreviousLog", row("printed", "a.0"))
    await log(/No container of "a.0" was started a second time/)
  })

  it("Save the Log As writes what was printed into a file", async () => {
    await run("showLog", row("printed", "a.0"))
    await log(/from-a/)
    const file = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", "saved.log")
    await answering([{ asked: "", answer: file }], () => run("saveLog"))
    match(readFileSync(file, "utf8"), /from-a/)
  })

  it("a copy of a log outlives its run, until the copies are deleted", async () => {
    const { uri } = await openSpec("fleeting.yaml", specOf("fleeting", { a: "echo from-fleeting" }))
    await answering([], () => run("runAgain", uri, 0))
    await ended("fleeting")
    await run("showLog", row("fleeting", "a.0"))
    await log(/from-fleeting/)
    await commands.executeCommand("workbench.action.closeAllEditors")
    const selector = encodeURIComponent("execution.kubegene.io/execution=fleeting")
    const pods = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`
    await (await cluster()).remove(pods)
    await untilAsync(async () => {
      const { items } = await (await cluster()).get<{ items: readonly object[] }>(pods)
      return items.length === 0
    })
    await run("showLog", row("fleeting", "a.0"))
    const kept = await log(/kept copy of/)
    match(kept.getText(), /from-fleeting/)

    const question = "Delete every copy of a log"
    const again = async () => {
      await commands.executeCommand("workbench.action.closeAllEditors")
      await run("showLog", row("fleeting", "a.0"))
    }
    await answering([{ asked: question, answer: undefined }], () => run("clearKeptLogs"))
    await again()
    await log(/kept copy of/)
    await answering([{ asked: question, answer: "Delete Kept Logs" }], () => run("clearKeptLogs"))
    await again()
    const left = await log(/no copy of its log was kept/)
    doesNotMatch(left.getText(), /from-fleeting/)
  })
})

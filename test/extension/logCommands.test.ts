import { doesNotMatch, match } from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { commands, type TextDocument, window, workspace } from "vscode"
import { answering } from "./support/answers.ts"
import { cluster, ended, namespace, openSpec, row, specOf } from "./support/bed.ts"

const run = (id: string, ...args: readonly unknown[]) =>
  commands.executeCommand(`kubeExecutions.${id}`, ...args)

describe("logs", function () {
  this.timeout(120_000)

  before(async () => {
    const { uri } = await openSpec("printed.yaml", specOf("printed", { a: "echo from-a" }))
    await answering([], () => run("runAgain", uri, 0))
    await ended("printed")
  })
  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"))

  /** The log in the active editor, once it says this. */
  const log = async (wanted: RegExp): Promise<TextDocument> => {
    let last = ""
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      const document = window.activeTextEditor?.document
      last = `${document?.uri.scheme}: ${document?.getText()}`
      if (document?.uri.scheme === "kube-execution-log" && wanted.test(last)) return document
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`no log that says ${wanted}; in sight is ${last}`)
  }

  /** Waits until an output channel that is shown says this. */
  const output = (wanted: string) =>
    soon(`an output that says ${wanted}`, async () =>
      workspace.textDocuments.some(
        ({ uri, getText }) => uri.scheme === "output" && getText().includes(wanted),
      ),
    )

  it("Show Log opens a step's log as a document and a run's as output", async () => {
    await run("showLog", row("printed", "a.0"))
    await log(/from-a/)
    await run("showLog", row("printed"))
    await output("a.0 | from-a")
  })

  it("Show Log from before the Restart says that nothing was started twice", async () => {
    await run("showPreviousLog", row("printed", "a.0"))
    await log(/No container of "a.0" was started a second time/)
  })

  it("Show Log opens that of a pod which is of no run, and what was printed before its restart", async () => {
    const { create, get } = await cluster()
    const command =
      "if [ -e /once/x ]; then echo again; sleep 600; else touch /once/x; echo first; exit 1; fi"
    const container = { name: "main", image: "busybox", command: ["sh", "-c", command] }
    const volumeMounts = [{ name: "once", mountPath: "/once" }]
    const spec = {
      restartPolicy: "OnFailure",
      terminationGracePeriodSeconds: 1,
      containers: [{ ...container, volumeMounts }],
      volumes: [{ name: "once", emptyDir: {} }],
    }
    await create(`/apis/batch/v1/namespaces/${namespace}/jobs`, {
      metadata: { name: "plain" },
      spec: { template: { spec } },
    })
    const pods = `/api/v1/namespaces/${namespace}/pods?labelSelector=job-name%3Dplain`
    let pod: Pod | undefined
    await soon("the container of its pod was started again", async () => {
      const { items } = await get<{ items: readonly Pod[] }>(pods)
      pod = items[0]
      const [status] = pod?.status.containerStatuses ?? []
      return status?.restartCount === 1 && status.state.running !== undefined
    })
    // As the tree of Jobs hands it over.
    const { place } = row("printed") as { readonly place: string }
    const target = { kind: "pod", place, job: { name: "plain" }, pod: { pod: pod?.metadata.name } }
    await run("showLog", target)
    doesNotMatch((await log(/again/)).getText(), /first/)
    await run("showPreviousLog", target)
    doesNotMatch((await log(/first/)).getText(), /again/)
  })

  it("Save the Log As writes what was printed into a file", async () => {
    await run("showLog", row("printed", "a.0"))
    await log(/from-a/)
    const file = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", "saved.log")
    await answering([{ asked: "", answer: file }], () => run("saveLog"))
    match(readFileSync(file, "utf8"), /from-a/)
  })

  it("a copy of a log outlives its pod, until the copies are deleted", async () => {
    const { get, remove } = await cluster()
    for (const name of ["outlives", "cleared"]) {
      const { uri } = await openSpec(`${name}.yaml`, specOf(name, { a: `echo from-${name}` }))
      // Its log is shown as output while it runs, and so it is kept.
      await answering([], () => run("runAgain", uri, 0))
      await ended(name)
      await output(`a.0 | from-${name}`)
      const selector = encodeURIComponent(`execution.kubegene.io/execution=${name}`)
      const pods = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`
      await remove(pods)
      await soon(`the pods of ${name} are gone`, async () => {
        const { items } = await get<{ items: readonly object[] }>(pods)
        return items.length === 0
      })
    }
    const question = "Delete every copy of a log"
    await answering([{ asked: question, answer: undefined }], () => run("clearKeptLogs"))
    await run("showLog", row("outlives", "a.0"))
    match((await log(/kept copy of/)).getText(), /from-outlives/)
    await answering([{ asked: question, answer: "Delete Kept Logs" }], () => run("clearKeptLogs"))
    await run("showLog", row("cleared", "a.0"))
    const left = await log(/no log|no copy of its log was kept/)
    doesNotMatch(left.getText(), /from-cleared/)
  })
})

interface Pod {
  readonly metadata: { readonly name: string }
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly restartCount: number
      readonly state: { readonly running?: object }
    }[]
  }
}

async function soon(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await look()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`waited in vain: ${what}`)
}

import { deepEqual, equal, match, ok } from "node:assert/strict"
import {
  ConfigurationTarget,
  commands,
  languages,
  Selection,
  type Uri,
  window,
  workspace,
} from "vscode"
import { answering } from "./support/answers.ts"
import {
  ended,
  execution,
  namespace,
  openSpec,
  podRuns,
  row,
  specOf,
  until,
  untilAsync,
  untilExecution,
} from "./support/bed.ts"

const run = (id: string, ...args: readonly unknown[]) =>
  commands.executeCommand(`kubeExecutions.${id}`, ...args)

describe("running a spec", function () {
  this.timeout(120_000)

  it("Run creates what the pick names, and the run remembers its text", async () => {
    const { uri } = await openSpec("one.yaml", specOf("one", { a: "echo A", b: "echo B" }))
    await answering([{ asked: 'Run "one"', answer: "Run as one" }], () => run("run", uri, 0))
    const seen = await ended("one")
    equal(seen?.status?.phase, "Succeeded")
    const source = JSON.parse(
      seen?.metadata.annotations?.["execution.kubegene.io/source"] ?? "null",
    )
    equal(source.file, "one.yaml")
    deepEqual(Object.keys(source.tasks), ["a", "b"])
  })

  it("Run Again takes the next free name and asks nothing", async () => {
    const { uri } = await openSpec("two.yaml", specOf("two", { a: "echo A" }))
    await answering([], () => run("runAgain", uri, 0))
    await answering([], () => run("runAgain", uri, 0))
    equal((await ended("two-2"))?.status?.phase, "Succeeded")
  })

  it("a name that was chosen in the pick is the run's", async () => {
    const { uri } = await openSpec("named.yaml", specOf("named", { a: "echo A" }))
    await answering(
      [
        { asked: 'Run "named"', answer: "Name" },
        { asked: "Name of the run", answer: "called-otherwise" },
        { asked: 'Run "named"', answer: "Run as called-otherwise" },
      ],
      () => run("run", uri, 0),
    )
    ok(await execution("called-otherwise"))
    equal(await execution("named"), undefined)
  })

  it("a tool beside a nested spec is run with, as it is offered and linked there", async () => {
    await openSpec("nested/deeply/tools/echo.yml", 'name: echo\nversion: "1"\nimage: busybox\n')
    const { uri } = await openSpec("nested/deeply/nested.gcs.yaml", nestedGcs)
    await answering([{ asked: 'Run "nested"', answer: "Run as nested" }], () => run("run", uri, 0))
    equal((await ended("nested"))?.status?.phase, "Succeeded")
  })

  it("a spec with errors does not run, and leads to the first of them", async () => {
    const text = specOf("wrong", { a: "echo A", b: "echo B" }).replace("target: a", "target: gone")
    const { uri } = await openSpec("wrong.yaml", text)
    await answering([{ asked: "has 1 error", answer: "Go to First Error" }], () =>
      run("run", uri, 0),
    )
    const line = text.split("\n").findIndex((one) => one.includes("gone"))
    equal(window.activeTextEditor?.selection.active.line, line)
    await window.activeTextEditor?.revealRange(new Selection(0, 0, 0, 0))
    await run("goToFirstError", uri, 0)
    equal(window.activeTextEditor?.selection.active.line, line)
    equal(await execution("wrong"), undefined)
  })

  it("unsaved changes are saved, or left out, as it is answered", async () => {
    const document = await openSpec("unsaved.yaml", specOf("unsaved", { a: "echo A" }))
    const edit = await window.activeTextEditor?.edit((builder) =>
      builder.insert(document.positionAt(0), "# changed\n"),
    )
    ok(edit)
    await answering(
      [
        { asked: "has unsaved changes", answer: "Run What Is Saved" },
        { asked: 'Run "unsaved"', answer: "Run as unsaved" },
      ],
      () => run("run", document.uri, 0),
    )
    ok(document.isDirty)
    await answering(
      [
        { asked: "has unsaved changes", answer: "Save and Run" },
        { asked: 'Run "unsaved"', answer: "Run as unsaved-2" },
      ],
      () => run("run", document.uri, 0),
    )
    ok(!document.isDirty)
  })

  it("Run up to This Task leaves out what follows it", async () => {
    const { uri } = await openSpec("part.yaml", specOf("part", { a: "echo A", b: "echo B" }))
    await answering([], () => run("runUpTo", uri, 0, "a"))
    const seen = await ended("part")
    deepEqual(seen?.spec.until, ["a"])
    deepEqual(Object.keys(seen?.status?.vertices ?? {}), ["part.a.0"])
  })

  it("a failed step is a problem at its command, and a run from there reuses the rest", async () => {
    const spec = specOf("mend", { a: "echo A", b: "exit 3" })
    const document = await openSpec("mend.yaml", spec)
    await run("runAgain", document.uri, 0)
    equal((await ended("mend"))?.status?.phase, "Failed")
    const [problem] = await until(() => {
      const found = problemsOf(document.uri)
      return found.length > 0 && found
    })
    equal(problem?.message, '"b": command ended with exit code 3.')
    equal(document.getText(problem?.range), "exit 3")
    const fixes = await commands.executeCommand<{ readonly title: string }[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      problem?.range,
    )
    ok(fixes.some(({ title }) => title === 'Run again from "b" with this text'))
    await window.activeTextEditor?.edit((builder) =>
      builder.replace(problem?.range ?? new Selection(0, 0, 0, 0), "echo B"),
    )
    ok(await document.save())
    await until(() => problemsOf(document.uri).length === 0)
    await run("runFrom", document.uri, 0, "b")
    const seen = await ended("mend-2")
    deepEqual(seen?.spec.resumeFrom, { name: "mend", rerun: ["b"] })
    deepEqual(
      Object.values(seen?.status?.vertices ?? {}).map(({ phase }) => phase),
      ["Reused", "Succeeded"],
    )
  })

  it("the server's refusal of a Job is a problem at its task; nothing is created", async () => {
    const text = specOf("checked", { a: "echo A" }).replace(
      "      image: busybox\n",
      '      image: busybox\n      nodeSelector: { "not a label!": x }\n',
    )
    const { uri } = await openSpec("checked.yaml", text)
    await answering([{ asked: "would be refused", answer: "Show Problems" }], () =>
      run("checkOnServer", uri, 0),
    )
    const [problem] = languages
      .getDiagnostics(uri)
      .filter(({ source }) => source?.startsWith("check in"))
    match(problem?.message ?? "", /not a label/)
    equal(
      problem?.range.start.line,
      text.split("\n").findIndex((one) => one.includes("name: a")),
    )
    equal(await execution("checked"), undefined)
  })

  it("the plan is a read-only document that follows the text", async () => {
    const document = await openSpec("planned.yaml", specOf("planned", { a: "echo A" }))
    await run("showPlan", document.uri, 0)
    const plan = await until(() =>
      workspace.textDocuments.find(({ uri }) => uri.scheme === "kube-executions-plan"),
    )
    match(plan.getText(), /name: planned\.a\.0/)
    await window.showTextDocument(document)
    await window.activeTextEditor?.edit((builder) => {
      const at = document.getText().indexOf("echo A")
      builder.replace(
        new Selection(document.positionAt(at), document.positionAt(at + 6)),
        "echo other",
      )
    })
    await until(() => plan.getText().includes("echo other"))
    await document.save()
    await commands.executeCommand("workbench.action.closeAllEditors")
  })

  it("another run, or none, can be shown beside the text", async () => {
    const { uri } = await openSpec("two.yaml", specOf("two", { a: "echo A" }))
    const lens = async () => {
      const lenses = await commands.executeCommand<
        { readonly command?: { readonly title: string } }[]
      >("vscode.executeCodeLensProvider", uri)
      return lenses.map(({ command }) => command?.title ?? "").find((one) => one.includes("two"))
    }
    await answering([{ asked: "shown beside", answer: "two" }], () => run("chooseRun", uri, 0))
    await untilAsync(async () => (await lens())?.startsWith("two") ?? false)
    await answering([{ asked: "shown beside", answer: "None" }], () => run("chooseRun", uri, 0))
    await untilAsync(async () => (await lens()) === undefined)
  })
})

describe("a context that is guarded", function () {
  this.timeout(120_000)
  const settings = () => workspace.getConfiguration("kubeExecutions")
  const set = (name: string, value: unknown) =>
    settings().update(name, value, ConfigurationTarget.Workspace)

  it("wants its name typed, whatever else is confirmed", async () => {
    await set("contexts.protected", ["be*"])
    try {
      const { uri } = await openSpec("guarded.yaml", specOf("guarded", { a: "echo A" }))
      const question = 'Run in the protected context "bed" Creates 1 Job'
      await answering([{ asked: question, answer: "be" }], () => run("runAgain", uri, 0))
      equal(await execution("guarded"), undefined)
      await answering([{ asked: question, answer: "bed" }], () => run("runAgain", uri, 0))
      ok(await execution("guarded"))
    } finally {
      await set("contexts.protected", undefined)
    }
  })

  it("refuses to be changed when it is read-only", async () => {
    await set("contexts.readOnly", ["bed"])
    try {
      const { uri } = await openSpec("kept.yaml", specOf("kept", { a: "echo A" }))
      await answering([{ asked: '"bed" is read-only here', answer: undefined }], () =>
        run("runAgain", uri, 0),
      )
      equal(await execution("kept"), undefined)
    } finally {
      await set("contexts.readOnly", undefined)
    }
  })
})

describe("a run", function () {
  this.timeout(120_000)

  /** Ends when it is told to. */
  const sleeps = "echo begun; trap 'exit 1' TERM; sleep 300 & wait"

  it("is suspended and resumed", async () => {
    const { uri } = await openSpec("slow.yaml", specOf("slow", { a: sleeps, b: "echo B" }))
    await run("runAgain", uri, 0)
    await untilExecution("slow", (seen) => seen?.status?.phase === "Running")
    await run("suspend", row("slow"))
    await untilExecution("slow", (seen) => seen?.status?.suspended !== undefined)
    await run("resume", row("slow"))
    await untilExecution("slow", (seen) => seen?.status?.suspended === undefined)
  })

  it("is stopped on one word, and the logs of its running steps are kept", async () => {
    await podRuns("slow")
    // What has printed is known to run, not only to the cluster.
    await until(() =>
      workspace.textDocuments.some(
        ({ uri, getText }) => uri.scheme === "output" && getText().includes("a.0 | begun"),
      ),
    )
    await answering(
      [
        { asked: 'Stop "slow"?', answer: "Stop Run" },
        { asked: "is kept", answer: undefined },
      ],
      () => run("stop", row("slow")),
    )
    const seen = await ended("slow")
    ok(seen?.status?.stopped)
  })

  it("is retried from what did not succeed", async () => {
    await run("retry", row("slow"))
    await untilExecution(
      "slow",
      (seen) => seen?.status?.vertices?.["slow.a.0"]?.attempt === 2 && !seen.status.finishedAt,
    )
  })

  it("goes with its Jobs when it is deleted, several at once", async () => {
    const [slow, two] = [row("slow"), row("two")]
    const said = `from "bed / ${namespace}". Kept log copies stay.`
    await answering([{ asked: said, answer: undefined }], () => run("delete", slow, [slow, two]))
    ok(await execution("slow"))
    await answering([{ asked: "Delete 2 runs?", answer: "Delete 2 Runs" }], () =>
      run("delete", slow, [slow, two]),
    )
    await untilExecution("slow", (seen) => seen === undefined)
    await untilExecution("two", (seen) => seen === undefined)
    ok(await execution("one"))
  })
})

const nestedGcs = `version: genecontainer_0_1
workflow:
  a:
    tool: echo:1
    commands: ["echo A"]
`

function problemsOf(uri: Uri) {
  return languages.getDiagnostics(uri).filter(({ source }) => source?.startsWith("run "))
}

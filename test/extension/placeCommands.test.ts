import { deepEqual, equal, ok } from "node:assert/strict"
import { delimiter } from "node:path"
import { ConfigurationTarget, commands, window, workspace } from "vscode"
import { answering } from "./support/answers.ts"
import {
  cluster,
  execution,
  namespace,
  openSpec,
  podRuns,
  row,
  specOf,
  until,
  untilExecution,
} from "./support/bed.ts"

const run = (id: string, ...args: readonly unknown[]) =>
  commands.executeCommand(`kubeExecutions.${id}`, ...args)

describe("where new runs go", function () {
  this.timeout(180_000)
  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"))

  const backToKubectl = () =>
    answering([{ asked: "Where new runs go", answer: "Go Where kubectl Points" }], () =>
      run("choosePlace"),
    )

  it("is chosen, and a rehearsal creates nothing in the cluster", async () => {
    await answering([{ asked: "Where new runs go", answer: "Rehearse" }], () => run("choosePlace"))
    const { uri } = await openSpec("rehearsed.yaml", specOf("rehearsed", { a: "echo A" }))
    await answering([{ asked: 'Run "rehearsed"', answer: "Run as rehearsed 1 Job in " }], () =>
      run("run", uri, 0),
    )
    equal(await execution("rehearsed"), undefined)
    await backToKubectl()
  })

  it("Run on This Machine turns to this machine, and says so where it cannot", async () => {
    await openSpec("here.yaml", specOf("here", { a: "echo A" }))
    await answering(
      [
        { asked: "docker", answer: "Rehearse Instead", isOptional: true },
        { asked: 'Run "here"', answer: undefined },
      ],
      () => run("runHere"),
    )
    equal(await execution("here"), undefined)
    await backToKubectl()
  })

  it("Open the Kubeconfig opens the file that new runs go by", async () => {
    await run("openKubeconfig")
    equal(window.activeTextEditor?.document.uri.fsPath, process.env.KUBECONFIG)
  })

  it("Open the Kubeconfig asks which of several that are there, and changes no setting", async () => {
    const { KUBECONFIG } = process.env
    ok(KUBECONFIG)
    const { uri } = await openSpec("second.yaml", "")
    await withKubeconfig([KUBECONFIG, "/nowhere/config", uri.fsPath].join(delimiter), async () => {
      await answering([{ asked: "Which kubeconfig?", answer: "second.yaml" }], () =>
        run("openKubeconfig"),
      )
    })
    equal(window.activeTextEditor?.document.uri.fsPath, uri.fsPath)
  })

  it("Open the Kubeconfig says that there is none, and chooses none", async () => {
    const told: string[] = []
    await withKubeconfig("/nowhere/config", () => answering([], () => run("openKubeconfig"), told))
    deepEqual(told, [noKubeconfig])
  })

  it("Run without a kubeconfig says so, and offers to run here or to rehearse", async () => {
    const { uri } = await openSpec("homeless.yaml", specOf("homeless", { a: "echo A" }))
    await withKubeconfig("/nowhere/config", async () => {
      await answering([{ asked: noKubeconfig, answer: undefined }], () => run("run", uri, 0))
      await answering(
        [
          { asked: noKubeconfig, answer: "Rehearse" },
          { asked: 'Run "homeless"', answer: "Run as homeless 1 Job in " },
        ],
        () => run("run", uri, 0),
      )
      await backToKubectl()
      await answering(
        [
          { asked: noKubeconfig, answer: "Run Here" },
          { asked: "docker", answer: "Rehearse Instead", isOptional: true },
          { asked: 'Run "homeless"', answer: undefined },
        ],
        () => run("run", uri, 0),
      )
      await backToKubectl()
    })
    equal(await execution("homeless"), undefined)
  })

  it("Choose a Kubeconfig is a setting of the user; nothing chosen changes nothing", async () => {
    const chosen = () =>
      workspace.getConfiguration("kubeExecutions").inspect<string>("kubeconfig")?.globalValue
    await answering([{ asked: "Choose a Kubeconfig", answer: undefined }], () =>
      run("chooseKubeconfig"),
    )
    equal(chosen(), undefined)
    const { KUBECONFIG } = process.env
    ok(KUBECONFIG)
    await answering([{ asked: "Choose a Kubeconfig", answer: KUBECONFIG }], () =>
      run("chooseKubeconfig"),
    )
    equal(chosen(), KUBECONFIG)
    await workspace
      .getConfiguration("kubeExecutions")
      .update("kubeconfig", undefined, ConfigurationTarget.Global)
  })

  it("Show Output of the Extension shows it", async () => {
    await run("showOutput")
    await until(() =>
      window.visibleTextEditors.some(({ document }) => document.uri.scheme === "output"),
    )
  })

  it("Try Again opens the place anew", async () => {
    await run("tryAgain")
    const told: string[] = []
    await answering([{ asked: "Sort Runs", answer: undefined }], () => run("sortRuns"), told)
    deepEqual(told, [])
  })

  it("Install the Definition says that the cluster has it, and changes nothing", async () => {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    const read = async () =>
      (await cluster()).get<{ metadata: { generation: number } }>(
        `${path}/executions.execution.kubegene.io`,
      )
    const { generation } = (await read()).metadata
    const told: string[] = []
    await answering([], () => run("installDefinition"), told)
    deepEqual(told, ['The cluster of "bed" knows Executions.'])
    equal((await read()).metadata.generation, generation)
  })
})

const noKubeconfig =
  'No kubeconfig: "/nowhere/config" is not there. Set KUBECONFIG, or the setting kubeExecutions.kubeconfig.'

/** With the setting as somebody might have it. */
async function withKubeconfig(paths: string, work: () => Promise<unknown>): Promise<void> {
  const settings = () => workspace.getConfiguration("kubeExecutions")
  await settings().update("kubeconfig", paths, ConfigurationTarget.Global)
  try {
    await work()
    equal(settings().inspect<string>("kubeconfig")?.globalValue, paths)
  } finally {
    await settings().update("kubeconfig", undefined, ConfigurationTarget.Global)
  }
}

describe("who drives a run", function () {
  this.timeout(180_000)

  it("a driver is left in the cluster on one word, and the run is taken back from there", async () => {
    const { uri } = await openSpec(
      "driven.yaml",
      specOf("driven", { a: "trap 'exit 0' TERM; sleep 300 & wait" }),
    )
    await answering([], () => run("runAgain", uri, 0))
    await podRuns("driven")
    const left = "kube-executions-left-driver"
    const wanted = async () =>
      (await execution("driven"))?.metadata.annotations?.["execution.kubegene.io/driver"]
    const here = await wanted()
    ok(here)
    const question = `Leave a driver in "${namespace}" of "bed"?`
    await answering([{ asked: question, answer: undefined }], () =>
      run("leaveDriver", row("driven")),
    )
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`
    const { items } = await (await cluster()).get<{ items: readonly object[] }>(deployments)
    equal(items.length, 0)
    await answering([{ asked: question, answer: "Leave a Driver" }], () =>
      run("leaveDriver", row("driven")),
    )
    await untilExecution("driven", (now) => now?.status?.driver?.id === left)
    await answering([], () => run("drive", row("driven")))
    equal(await wanted(), here)
    // The next word that is written about the run is this machine's.
    await answering(
      [
        { asked: 'Stop "driven"?', answer: "Stop Run" },
        { asked: "is kept", answer: undefined, isOptional: true },
      ],
      () => run("stop", row("driven")),
    )
    const seen = await untilExecution("driven", (now) => Boolean(now?.status?.finishedAt))
    equal(seen?.status?.driver?.id, here)
  })
})

import { equal, ok } from "node:assert/strict"
import { commands, extensions, languages, window } from "vscode"
import { answering } from "./support/answers.ts"
import { ended, openSpec, specOf, tabs, until } from "./support/bed.ts"

interface Step {
  readonly id: string
  readonly description: string
}

describe("the walkthrough", function () {
  this.timeout(60_000)

  const steps = (): readonly Step[] => {
    const manifest = extensions.getExtension("kube-executions.kube-executions")?.packageJSON
    return manifest.contributes.walkthroughs[0].steps
  }

  /** The commands of a step's buttons, with what they are given. */
  const buttons = ({ description }: Step) =>
    [...description.matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g)].map(([, id, given]) => ({
      id: id ?? "",
      args: given === undefined ? [] : JSON.parse(decodeURIComponent(given)),
    }))

  /** What is to be seen once a button of the step was pressed. */
  const seen: Readonly<
    Record<string, (press: () => Thenable<unknown>, id: string) => Promise<unknown>>
  > = {
    example: async (press) => {
      await press()
      ok(window.activeTextEditor?.document.getText().includes("kind: Execution"))
    },
    mistake: async (press) => {
      await press()
      const uri = window.activeTextEditor?.document.uri
      ok(uri)
      await until(() =>
        languages
          .getDiagnostics(uri)
          .some(({ message }) => message.startsWith("Tasks wait for each other")),
      )
    },
    graph: async (press) => {
      await openSpec("walked.yaml", specOf("walked", { a: "echo A" }))
      await press()
      await until(() => tabs().includes("Graph: walked.yaml"))
    },
    run: async (press, id) => {
      await openSpec("walked.yaml", specOf("walked", { a: "echo A" }))
      await answering(
        [
          { asked: "docker", answer: "Rehearse Instead", isOptional: true },
          { asked: 'Run "walked"', answer: undefined },
        ],
        press,
      )
      if (id !== "kubeExecutions.runHere") return
      await answering([{ asked: "Where new runs go", answer: "Go Where kubectl Points" }], () =>
        commands.executeCommand("kubeExecutions.choosePlace"),
      )
    },
    log: async (press) => {
      const { uri } = await openSpec("walked.yaml", specOf("walked", { a: "echo A" }))
      await answering([], () => commands.executeCommand("kubeExecutions.runAgain", uri, 0))
      await ended("walked")
      await commands.executeCommand("workbench.action.closePanel")
      // What is selected in the tree is meant, if anything is.
      await answering(
        [{ asked: "Show the Log of a Run", answer: "walked", isOptional: true }],
        press,
      )
      await until(() =>
        window.visibleTextEditors.some(({ document: { uri } }) =>
          ["output", "kube-execution-log"].includes(uri.scheme),
        ),
      )
    },
  }

  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"))

  it("opens, and each of its five steps has buttons that do what they say", async () => {
    await commands.executeCommand(
      "workbench.action.openWalkthrough",
      "kube-executions.kube-executions#first",
    )
    await until(() => tabs().some((label) => /Walkthrough|Welcome/.test(label)))
    equal(steps().length, 5)
    for (const step of steps()) {
      const check = seen[step.id]
      ok(check, `nothing is known of the step "${step.id}"`)
      ok(buttons(step).length > 0, `the step "${step.id}" has no button`)
      for (const { id, args } of buttons(step)) {
        await check(() => commands.executeCommand(id, ...args), id)
      }
    }
  })
})

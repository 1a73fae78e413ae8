import { equal, ok } from "node:assert/strict"
import { commands, extensions, languages, window } from "vscode"
import { answering } from "./support/answers.ts"
import { openSpec, specOf, tabs, until } from "./support/bed.ts"

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
  const seen: Readonly<Record<string, (press: () => Thenable<unknown>) => Promise<unknown>>> = {
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
    run: async (press) => {
      await openSpec("walked.yaml", specOf("walked", { a: "echo A" }))
      await answering(
        [
          { asked: "docker", answer: "Rehearse Instead", isOptional: true },
          { asked: 'Run "walked"', answer: undefined },
        ],
        press,
      )
    },
    log: (press) => answering([{ asked: "Show the Log of a Run", answer: undefined }], press),
  }

  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"))
  after(() =>
    answering(
      [{ asked: "Where new runs go", answer: "Go Where kubectl Points", isOptional: true }],
      () => commands.executeCommand("kubeExecutions.choosePlace"),
    ),
  )

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
        await check(() => commands.executeCommand(id, ...args))
      }
    }
  })
})

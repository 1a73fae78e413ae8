import { equal, ok } from "node:assert/strict"
import { commands, window } from "vscode"
import { answering } from "./support/answers.ts"
import { ended, openSpec, row, specOf, tabs, until } from "./support/bed.ts"

const run = (id: string, ...args: readonly unknown[]) =>
  commands.executeCommand(`kubeExecutions.${id}`, ...args)

describe("what shows a run", function () {
  this.timeout(60_000)

  before(async () => {
    const { uri } = await openSpec("seen.yaml", specOf("seen", { a: "echo A", b: "echo B" }))
    await answering([], () => run("runAgain", uri, 0))
    await ended("seen")
  })
  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"))

  const opens = (tab: string) => until(() => tabs().includes(tab))

  it("Show Graph opens the graph of the text beside it, and that of a run from the tree", async () => {
    await openSpec("seen.yaml", specOf("seen", { a: "echo A", b: "echo B" }))
    await run("showGraph")
    await opens("Graph: seen.yaml")
    await run("showGraph", row("seen"))
    await opens("Graph: seen")
  })

  it("Show Sequence, Table and Grid open the pods of a run over time, of one that is picked too", async () => {
    for (const command of ["showSequence", "showTable", "showGrid"]) {
      await run(command, row("seen"))
      await opens("Sequence: seen")
      await commands.executeCommand("workbench.action.closeAllEditors")
    }
    await answering([{ asked: "Show the pods of", answer: "seen" }], () => run("showSequence"))
    await opens("Sequence: seen")
  })

  it("Show Step opens the step of a row, and of place, run and step by name", async () => {
    await run("showStep", row("seen", "a.0"))
    await opens("Step: a.0")
    const { place } = row("seen") as { readonly place: string }
    await run("showStep", place, "seen", "b.0")
    await opens("Step: b.0")
  })

  it("Show Logs Together opens what the rows print as one log", async () => {
    await run("showLogsPanel", row("seen"))
    await opens("Logs: seen")
    await run("showLogsPanel", row("seen", "a.0"), [row("seen", "a.0"), row("seen", "b.0")])
    await opens("Logs: a.0, b.0")
  })

  it("Reveal in Runs selects a step in the tree, in its list of tasks and in its tree", async () => {
    for (const look of ["showFlatTree", "showDagTree"]) {
      await run(look)
      await run("revealInRuns", row("seen", "b.0"))
      // Without a row the command is about what is selected.
      await run("showStep")
      await opens("Step: b.0")
      await commands.executeCommand("workbench.action.closeAllEditors")
    }
    await run("showFlatTree")
  })

  it("Go to Its Line opens the text that a run was made from at the row's task", async () => {
    await run("goToSource", row("seen", "b.0"))
    const editor = window.activeTextEditor
    ok(editor)
    ok(editor.document.uri.path.endsWith("/seen.yaml"))
    equal(editor.document.lineAt(editor.selection.active).text.trim(), "- name: b")
  })

  it("Reveal in Runs finds what a filter hides, and the run beside the text", async () => {
    await answering([{ asked: "Filter Runs", answer: "no-such-run" }], () => run("filterRuns"))
    await openSpec("seen.yaml", specOf("seen", { a: "echo A", b: "echo B" }))
    await run("revealInRuns")
    await run("showLogsPanel")
    await opens("Logs: seen")
    // The filter had to go: nothing stands in its box.
    await answering([{ asked: /unfolded runs\.$/, answer: undefined }], () => run("filterRuns"))
  })

  it("the order and the filter of the tree stay as they were chosen", async () => {
    await answering([{ asked: "Sort Runs", answer: "By name" }], () => run("sortRuns"))
    await answering([{ asked: "Sort Runs", answer: "By name now" }], () => run("sortRuns"))
    await answering([{ asked: "Sort Runs", answer: "Newest first" }], () => run("sortRuns"))
    await answering([{ asked: "Filter Runs", answer: "seen failed" }], () => run("filterRuns"))
    await answering([{ asked: "seen failed", answer: undefined }], () => run("filterRuns"))
    await run("clearRunFilter")
    await answering([{ asked: /unfolded runs\.$/, answer: undefined }], () => run("filterRuns"))
  })
})

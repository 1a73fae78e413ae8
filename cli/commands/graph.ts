import { mermaid } from "#core/graph/mermaid"
import { svg } from "#core/graph/svg"
import { countStepEdges, type TaskGraph, taskGraph, unfold } from "#core/graph/taskGraph"
import { stepGraph } from "#core/spec/stepGraph"
import type { Workflow } from "#core/workflow"
import { command } from "../command.ts"
import type { Io } from "../io.ts"
import { oneWorkflow } from "../oneWorkflow.ts"
import { count, quote } from "../words.ts"

const mostUnfolded = 200
const mostInJson = 1_000_000

export const graph = command({
  name: "graph",
  summary: "Print what waits for what, as data or as a picture",
  usage: ["FILE|- [--output json|mermaid|svg] [OPTION…]"],
  details: [
    "json holds every step. The pictures show a task with its number of steps; with --unfold",
    `the steps themselves, while there are no more than ${mostUnfolded}.`,
    "A broken text is shown as far as it can be read, with exit code 1.",
  ],
  options: {
    output: {
      kind: "value",
      short: "o",
      placeholder: "FORMAT",
      choices: ["json", "mermaid", "svg"],
      help: "json (default), mermaid, or svg",
    },
    unfold: { kind: "flag", help: "show the steps of tasks" },
    direction: {
      kind: "value",
      placeholder: "WAY",
      choices: ["right", "down"],
      help: "where the arrows of a picture lead: right (default) or down",
    },
    name: {
      kind: "value",
      placeholder: "NAME",
      help: "which workflow, where the file holds several",
    },
  },
  run: async ({ positionals, values }, io) => {
    const found = await oneWorkflow(positionals, values.name, io)
    if (found.kind === "refused") return found.code
    const { workflow, problems } = found.document
    const folded = taskGraph(workflow)
    if (values.output === "svg" || values.output === "mermaid") {
      const shown = values.unfold ? unfold(folded, mostUnfolded) : folded
      const draw = values.output === "svg" ? svg : mermaid
      io.stdout.write(draw(shown, values.direction ?? "right"))
    } else if (!writeSteps(workflow, folded, io)) return 1
    const errors = problems.filter((problem) => problem.severity === "error").length
    if (errors === 0) return 0
    io.stderr.write(
      `${quote(found.file)} has ${count(errors, "error")}; the graph shows what can be read of it. See kube-executions lint.\n`,
    )
    return 1
  },
})

function writeSteps(workflow: Workflow, folded: TaskGraph, io: Io): boolean {
  const steps = folded.tasks.reduce((sum, task) => sum + (task.steps ?? 1), 0)
  const edges = countStepEdges(folded)
  if (steps + edges > mostInJson) {
    const what = `${count(steps, "step")} and ${count(edges, "edge")}`
    io.stderr.write(
      `The graph has ${what}; json holds ${mostInJson} at most. --output svg and mermaid show it by task.\n`,
    )
    return false
  }
  io.stdout.write(`${JSON.stringify(stepGraph(workflow), null, 2)}\n`)
  return true
}

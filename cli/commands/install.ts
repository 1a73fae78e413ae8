import { command } from "../command.ts"
import { withEngine } from "../engineLine.ts"
import type { ExitCode } from "../io.ts"
import { kubeRequest, placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { quote, visible } from "../words.ts"

const { context, kubeconfig } = placeOptions

export const install = command({
  name: "install",
  summary: "Teach a cluster what an Execution is",
  usage: ["[--force] [OPTION…]"],
  details: [
    "Writes one CustomResourceDefinition, executions.execution.kubegene.io, and nothing else.",
    "One that is there and differs is shown, and only replaced with --force.",
  ],
  options: {
    context,
    kubeconfig,
    force: { kind: "flag", help: "replace a definition that differs" },
  },
  run: async ({ positionals, values }, io) => {
    if (positionals.length > 0) throw new Refusal("install takes no names.", 2)
    return withEngine(io, async (engine): Promise<ExitCode> => {
      const request = kubeRequest(values, io)
      const { is, server, differences, ...found } = await engine.callInTime(
        "definition/look",
        request,
      )
      const where = `${quote(found.context)} (${visible(server)})`
      switch (is) {
        case "ours":
          io.stderr.write(`${where} knows Executions already, as we define them.\n`)
          return 0
        case "absent":
          io.stderr.write(`Adds the definition executions.execution.kubegene.io to ${where}.\n`)
          break
        case "other":
          io.stderr.write(
            `${where} has another definition of Executions:\n${differences.map((line) => `  ${visible(line)}\n`).join("")}`,
          )
          if (!values.force) {
            throw new Refusal("Replace it with --force; Executions that are there stay.")
          }
          io.stderr.write("Replaces it; Executions that are there stay.\n")
      }
      await engine.callInTime("definition/install", { ...request, context: found.context })
      io.stderr.write(`${where} knows Executions now.\n`)
      return 0
    })
  },
})

import { command } from "../command.ts"
import { writePlan } from "../plannedText.ts"
import { readySpec, specOptions } from "../readySpec.ts"

export const plan = command({
  name: "plan",
  summary: "Print every Job that a run would create",
  usage: ["FILE|- [--output yaml|json] [OPTION…]"],
  details: [
    "No cluster is needed. What is only known once a run exists is left out: its owner, and the",
    "Jobs of tasks that are made from what other tasks print.",
  ],
  options: {
    output: {
      kind: "value",
      short: "o",
      placeholder: "FORMAT",
      choices: ["yaml", "json"],
      help: "yaml (default), or json: a list",
    },
    ...specOptions,
  },
  run: async ({ positionals, values }, io) => {
    const spec = await readySpec(positionals, values, io)
    writePlan(spec, values.output ?? "yaml", {}, undefined, io)
    return 0
  },
})

import { command } from "../../command.ts"
import { profileOptions } from "../profileOptions.ts"

export const psOptions = {
  ...profileOptions,
  state: {
    kind: "value",
    placeholder: "STATE",
    choices: ["waiting", "running", "successful", "failed", "cancelled", "all"],
    help: "only those in this state (default: all)",
  },
  workflows: { kind: "flag", help: "workflows instead of processes" },
  count: { kind: "value", placeholder: "N", help: "at most so many of each state (default 20)" },
  label: { kind: "value", placeholder: "L", help: "only processes with this label" },
  output: {
    kind: "value",
    short: "o",
    placeholder: "FORMAT",
    choices: ["json", "name"],
    help: "json: as the server tells them; name: their ids",
  },
} as const

export const ps = command({
  name: "ps",
  summary: "List processes or workflows",
  usage: ["[--state STATE] [--workflows] [--count N] [-o json] [OPTION…]"],
  options: psOptions,
  run: async (input, io) => (await io.colonies()).ps(input, io),
})

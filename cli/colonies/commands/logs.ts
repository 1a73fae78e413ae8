import { command } from "../../command.ts"
import { profileOptions } from "../profileOptions.ts"

export const logsOptions = {
  ...profileOptions,
  follow: { kind: "flag", short: "f", help: "go on until it has ended" },
  timestamps: { kind: "flag", help: "the time in front of each line" },
} as const

export const logs = command({
  name: "logs",
  summary: "Print what a process, or each process of a workflow, has logged",
  usage: ["ID [-f] [--timestamps] [OPTION…]"],
  options: logsOptions,
  run: async (input, io) => (await io.colonies()).logs(input, io),
})

import { command } from "../../command.ts"
import { profileOptions } from "../profileOptions.ts"

export const cancelOptions = { ...profileOptions } as const

export const cancel = command({
  name: "cancel",
  summary: "Cancel a process or a workflow",
  usage: ["ID [OPTION…]"],
  details: ["A process of a workflow cannot be cancelled alone: cancel its workflow."],
  options: cancelOptions,
  run: async (input, io) => (await io.colonies()).cancel(input, io),
})

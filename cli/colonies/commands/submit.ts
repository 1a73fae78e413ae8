import { command } from "../../command.ts"
import { profileOptions } from "../profileOptions.ts"

export const submitOptions = {
  ...profileOptions,
  follow: { kind: "flag", help: "print what it logs until it has ended" },
  wait: { kind: "flag", help: "wait until it has ended" },
  out: { kind: "flag", help: "with --wait: print its output" },
  snapshot: { kind: "flag", help: "take a snapshot of each label the spec mounts one of" },
  label: { kind: "value", placeholder: "L", help: "label of the process" },
} as const

export const submit = command({
  name: "submit",
  summary: "Submit a function spec or a workflow",
  usage: ["FILE [--follow|--wait] [--out] [--snapshot] [OPTION…]"],
  details: [
    "FILE is JSON or YAML and is checked first: nothing that cannot run is sent.",
    "With --follow what the process logs goes to stdout until it has ended.",
  ],
  options: submitOptions,
  run: async (input, io) => (await io.colonies()).submit(input, io),
})

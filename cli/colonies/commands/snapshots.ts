import { command } from "../../command.ts"
import { profileOptions } from "../profileOptions.ts"

const name = { kind: "value", placeholder: "NAME", help: "name of the snapshot" } as const

export const snapshotCreate = command({
  name: "fs snapshot create",
  summary: "Remember the files of a label as they are now",
  usage: ["-l LABEL --name NAME [OPTION…]"],
  options: {
    ...profileOptions,
    label: { kind: "value", short: "l", placeholder: "LABEL", help: "label, such as /data" },
    name,
  },
  run: async (input, io) => (await io.colonies()).snapshotCreate(input, io),
})

export const snapshotLs = command({
  name: "fs snapshot ls",
  summary: "List the snapshots of a colony",
  usage: ["[OPTION…]"],
  options: { ...profileOptions },
  run: async (input, io) => (await io.colonies()).snapshotLs(input, io),
})

export const snapshotDownload = command({
  name: "fs snapshot download",
  summary: "Write the files of a snapshot into a folder",
  usage: ["--name NAME -d DIR [OPTION…]"],
  options: {
    ...profileOptions,
    name,
    dir: { kind: "value", short: "d", placeholder: "DIR", help: "an empty or new folder" },
  },
  run: async (input, io) => (await io.colonies()).snapshotDownload(input, io),
})

export const snapshotRemove = command({
  name: "fs snapshot remove",
  summary: "Forget a snapshot; the files stay",
  usage: ["--name NAME [OPTION…]"],
  options: { ...profileOptions, name },
  run: async (input, io) => (await io.colonies()).snapshotRemove(input, io),
})

import { command } from "../../command.ts"
import { profileOptions } from "../profileOptions.ts"

const name = { kind: "value", placeholder: "NAME", help: "name of the snapshot" } as const

export const snapshotCreateOptions = {
  ...profileOptions,
  label: { kind: "value", short: "l", placeholder: "LABEL", help: "label, such as /data" },
  name,
} as const

export const snapshotCreate = command({
  name: "fs snapshot create",
  summary: "Remember the files of a label as they are now",
  usage: ["-l LABEL --name NAME [OPTION…]"],
  options: snapshotCreateOptions,
  run: async (input, io) => (await io.colonies()).snapshotCreate(input, io),
})

export const snapshotLsOptions = { ...profileOptions } as const

export const snapshotLs = command({
  name: "fs snapshot ls",
  summary: "List the snapshots of a colony",
  usage: ["[OPTION…]"],
  options: snapshotLsOptions,
  run: async (input, io) => (await io.colonies()).snapshotLs(input, io),
})

export const snapshotDownloadOptions = {
  ...profileOptions,
  name,
  dir: { kind: "value", short: "d", placeholder: "DIR", help: "an empty or new folder" },
} as const

export const snapshotDownload = command({
  name: "fs snapshot download",
  summary: "Write the files of a snapshot into a folder",
  usage: ["--name NAME -d DIR [OPTION…]"],
  options: snapshotDownloadOptions,
  run: async (input, io) => (await io.colonies()).snapshotDownload(input, io),
})

export const snapshotRemoveOptions = { ...profileOptions, name } as const

export const snapshotRemove = command({
  name: "fs snapshot remove",
  summary: "Forget a snapshot; the files stay",
  usage: ["--name NAME [OPTION…]"],
  options: snapshotRemoveOptions,
  run: async (input, io) => (await io.colonies()).snapshotRemove(input, io),
})

import { command } from "../../command.ts"
import { profileOptions } from "../profileOptions.ts"

const label = {
  kind: "value",
  short: "l",
  placeholder: "LABEL",
  help: "label, such as /data",
} as const
const name = { kind: "value", placeholder: "NAME", help: "name of the file" } as const
const fileId = { kind: "value", short: "i", placeholder: "ID", help: "id of a file" } as const
const yes = { kind: "flag", help: "do not ask" } as const

export const fsSyncOptions = {
  ...profileOptions,
  dir: { kind: "value", short: "d", placeholder: "DIR", help: "folder (default: this one)" },
  label: { ...label, help: "label (default: the one the folder was synchronised with)" },
  "keep-remote": { kind: "flag", help: "where both differ the server's file wins" },
  dry: { kind: "flag", help: "only show what would be done" },
  yes,
} as const

export const fsSync = command({
  name: "fs sync",
  summary: "Make a folder and a label equal: upload and download what the other lacks",
  usage: ["[-d DIR] [-l LABEL] [--dry] [--yes] [OPTION…]"],
  details: [
    "Nothing is deleted on either side. A file that differs is replaced at the server,",
    "or with --keep-remote in the folder. What is done is shown first, and asked.",
  ],
  options: fsSyncOptions,
  run: async (input, io) => (await io.colonies()).fsSync(input, io),
})

export const fsLsOptions = {
  ...profileOptions,
  label,
  output: { kind: "value", short: "o", placeholder: "FORMAT", choices: ["json"], help: "as data" },
} as const

export const fsLs = command({
  name: "fs ls",
  summary: "List the files of a label",
  usage: ["-l LABEL [-o json] [OPTION…]"],
  options: fsLsOptions,
  run: async (input, io) => (await io.colonies()).fsLs(input, io),
})

export const fsLabelsOptions = { ...profileOptions } as const

export const fsLabels = command({
  name: "fs labels",
  summary: "List the labels of a colony",
  usage: ["[OPTION…]"],
  options: fsLabelsOptions,
  run: async (input, io) => (await io.colonies()).fsLabels(input, io),
})

export const fsGetOptions = {
  ...profileOptions,
  label,
  name,
  id: fileId,
  dir: { kind: "value", short: "d", placeholder: "DIR", help: "folder (default: this one)" },
} as const

export const fsGet = command({
  name: "fs get",
  summary: "Download one file",
  usage: ["-l LABEL --name NAME [-d DIR] [OPTION…]", "-i ID [-d DIR] [OPTION…]"],
  details: ["A file that is there already is kept: name another folder."],
  options: fsGetOptions,
  run: async (input, io) => (await io.colonies()).fsGet(input, io),
})

export const fsRemoveOptions = { ...profileOptions, label, name, id: fileId, yes } as const

export const fsRemove = command({
  name: "fs remove",
  summary: "Remove a file from a colony; files on this machine stay",
  usage: ["-l LABEL --name NAME [--yes] [OPTION…]", "-i ID [--yes] [OPTION…]"],
  details: ["By name all its revisions go, by id one."],
  options: fsRemoveOptions,
  run: async (input, io) => (await io.colonies()).fsRemove(input, io),
})

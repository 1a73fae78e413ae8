import { command } from "../../command.ts"

export const keygenOptions = {
  out: { kind: "value", placeholder: "FILE", help: "write the key to this file" },
} as const

export const keygen = command({
  name: "keygen",
  summary: "Make a private key and the id that belongs to it",
  usage: ["[--out FILE]"],
  details: [
    "With --out the key goes into a new file that only you may read,",
    "and only the id is printed.",
  ],
  options: keygenOptions,
  run: async (input, io) => (await io.colonies()).keygen(input, io),
})

export const idOptions = {} as const

export const id = command({
  name: "id",
  summary: "Print the id that belongs to COLONIES_PRVKEY",
  usage: ["[KEYFILE]"],
  options: idOptions,
  run: async (input, io) => (await io.colonies()).id(input, io),
})

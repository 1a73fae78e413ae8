import { stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import type { FileRecord } from "#colonies/client/records"
import { newestRecord } from "#colonies/files/colonyFiles"
import { normalLabel, safeName } from "#colonies/files/labels"
import { download, storedFile } from "#colonies/files/transfer"
import type { Input } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { table } from "../table.ts"
import { quote, visible } from "../words.ts"
import { bytes } from "./bytes.ts"
import type {
  fsGetOptions,
  fsLabelsOptions,
  fsLsOptions,
  fsRemoveOptions,
} from "./commands/files.ts"
import { type OpenColony, withColony } from "./withColony.ts"

/** `colonies fs ls`. */
export async function listFiles({ values }: Input<typeof fsLsOptions>, io: Io): Promise<ExitCode> {
  const label = normalLabel(needed(values.label, "-l LABEL"))
  return withColony(values, io, async ({ server, colony, signal }): Promise<ExitCode> => {
    const files =
      (await server.call("getfilesmsg", { colonyname: colony, label }, { signal })) ?? []
    if (values.output === "json") io.stdout.write(`${JSON.stringify(files)}\n`)
    else if (files.length === 0) io.stderr.write(`No files in ${quote(label)}.\n`)
    else {
      const rows = files
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, size, checksum }) => [visible(name), bytes(size), checksum])
      const columns = [{ head: "NAME" }, { head: "SIZE", isNumber: true }, { head: "SHA256" }]
      for (const line of table(columns, rows, io.stdout.columns)) io.stdout.write(`${line}\n`)
    }
    return 0
  })
}

/** `colonies fs labels`. */
export async function listLabels(
  { values }: Input<typeof fsLabelsOptions>,
  io: Io,
): Promise<ExitCode> {
  return withColony(values, io, async ({ server, colony, signal }): Promise<ExitCode> => {
    const labels =
      (await server.call(
        "getfilelabelsmsg",
        { colonyname: colony, name: "", exact: false },
        { signal },
      )) ?? []
    if (labels.length === 0) io.stderr.write(`No labels in ${quote(colony)}.\n`)
    else {
      const rows = labels
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, files }) => [visible(name), String(files)])
      const columns = [{ head: "LABEL" }, { head: "FILES", isNumber: true }]
      for (const line of table(columns, rows, io.stdout.columns)) io.stdout.write(`${line}\n`)
    }
    return 0
  })
}

/** `colonies fs get`. */
export async function getFile({ values }: Input<typeof fsGetOptions>, io: Io): Promise<ExitCode> {
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    const record = await recordOf(values, colony)
    const name = safeName(record.name)
    if (name === undefined) {
      throw new Refusal(`${quote(record.name)} is no name that a file here can have.`)
    }
    const path = join(resolve(values.dir ?? "."), name)
    if (await stat(path).catch(() => undefined)) {
      throw new Refusal(`${quote(path)} is there already; name another folder with -d.`)
    }
    const { store } = await colony.files()
    await download(store, storedFile(record), path, colony.signal)
    io.stderr.write(`${quote(path)} is there: ${bytes(record.size)}, checked.\n`)
    return 0
  })
}

/** `colonies fs remove`. */
export async function removeFile(
  { values }: Input<typeof fsRemoveOptions>,
  io: Io,
): Promise<ExitCode> {
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    const record = await recordOf(values, colony)
    const what = `${quote(`${record.label}/${record.name}`)} of ${quote(colony.colony)}`
    if (!values.yes) {
      const answer = await io.ask?.(`Remove ${what}? Files on this machine stay. (yes, no): `)
      if (answer === undefined) throw new Refusal("Nobody is here to be asked: add --yes.", 2)
      if (!/^y(es)?$/i.test(answer.trim())) return 1
    }
    const { server, signal } = colony
    const which =
      values.id === undefined
        ? { label: record.label, name: record.name }
        : { fileid: record.fileid }
    await server.call("removefilemsg", { colonyname: colony.colony, ...which }, { signal })
    io.stderr.write(`${what} is removed.\n`)
    return 0
  })
}

async function recordOf(
  { label, name, id }: { readonly label?: string; readonly name?: string; readonly id?: string },
  { server, colony, signal }: OpenColony,
): Promise<FileRecord> {
  if (id === undefined) {
    const at = normalLabel(needed(label, "-l LABEL and --name NAME, or -i ID"))
    return newestRecord({ server, colony }, at, needed(name, "--name NAME"), signal)
  }
  const [record] =
    (await server.call("getfilemsg", { colonyname: colony, fileid: id }, { signal })) ?? []
  if (record === undefined) throw new Refusal(`There is no file ${quote(id)} in ${quote(colony)}.`)
  return record
}

function needed(value: string | undefined, what: string): string {
  if (value !== undefined && value !== "") return value
  throw new Refusal(`Say which file: ${what}.`, 2)
}

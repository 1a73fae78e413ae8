import { createHash } from "node:crypto"
import type { FileRecord, SnapshotRecord } from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { eachLimited } from "./eachLimited.ts"
import { StorageError } from "./fileStore.ts"
import { labelBelow, normalLabel } from "./labels.ts"
import type { LocalFile, RemoteFile, RemoteLabels } from "./syncPlan.ts"

/** The records of a colony's files: which there are, under which label, in which revision. */
export interface ColonyFiles {
  readonly server: ColoniesServer
  readonly colony: string
}

const requests = 16

/** Every file at and below a label. */
export async function listRemote(
  { server, colony }: ColonyFiles,
  label: string,
  signal: AbortSignal,
): Promise<RemoteLabels> {
  const root = normalLabel(label)
  const options = { signal }
  // Asked by prefix: asked exactly, a root without files of its own hides everything below it.
  const labels = await server.call(
    "getfilelabelsmsg",
    { colonyname: colony, name: root, exact: false },
    options,
  )
  const wanted = (labels ?? [])
    .map(({ name }) => normalLabel(name))
    .filter((name) => name === root || name.startsWith(root === "/" ? "/" : `${root}/`))
  const found = new Map<string, readonly RemoteFile[]>()
  await eachLimited(wanted, requests, async (name) => {
    const files = await server.call("getfilesmsg", { colonyname: colony, label: name }, options)
    found.set(name, files ?? [])
  })
  return found
}

/** The newest revision of a file. */
export async function newestRecord(
  { server, colony }: ColonyFiles,
  label: string,
  name: string,
  signal: AbortSignal,
): Promise<FileRecord> {
  const [record] =
    (await server.call(
      "getfilemsg",
      { colonyname: colony, label, name, latest: true },
      { signal },
    )) ?? []
  if (record === undefined)
    throw new StorageError(`"${label}/${name}" has no record in "${colony}".`)
  return record
}

/** The files of a snapshot, each in the revision it had then. */
export async function snapshotRecords(
  { server, colony }: ColonyFiles,
  { fileids }: SnapshotRecord,
  signal: AbortSignal,
): Promise<readonly FileRecord[]> {
  const records: FileRecord[] = []
  await eachLimited(fileids ?? [], requests, async (fileid) => {
    const [record] =
      (await server.call("getfilemsg", { colonyname: colony, fileid }, { signal })) ?? []
    if (record !== undefined) records.push(record)
  })
  return records
}

/**
 * Where a file's bytes are kept. It follows from what the file is, so that a try that was cut off
 * is gone on with, and not begun again under another name.
 */
export function objectName(colony: string, label: string, { name, checksum }: LocalFile): string {
  return createHash("sha256")
    .update(JSON.stringify([colony, labelBelow(label, ""), name, checksum]))
    .digest("hex")
}

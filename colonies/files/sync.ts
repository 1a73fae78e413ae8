import { mkdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { SnapshotRecord } from "../client/records.ts"
import { type ColonyFiles, listRemote, snapshotRecords } from "./colonyFiles.ts"
import { eachLimited } from "./eachLimited.ts"
import { type FileStore, StorageError } from "./fileStore.ts"
import { folderBelow, normalLabel, safeName } from "./labels.ts"
import { labelFile, scanFolder } from "./scanFolder.ts"
import type { StorageSettings } from "./storageSettings.ts"
import { type FolderPlan, planTotals, type SyncPlan, syncPlan } from "./syncPlan.ts"
import { download, storedFile, upload } from "./transfer.ts"

export interface SyncWorld {
  readonly files: ColonyFiles
  readonly store: FileStore
  readonly storage: StorageSettings
}

export interface SyncProgress {
  readonly files: number
  readonly ofFiles: number
  readonly bytes: number
  readonly ofBytes: number
}

const transfers = 16

/** Looks at both sides; changes nothing. */
export async function planSync(
  files: ColonyFiles,
  folder: string,
  label: string,
  keepLocal: boolean,
  signal: AbortSignal,
): Promise<SyncPlan> {
  const [local, remote] = await Promise.all([
    scanFolder(folder, signal),
    listRemote(files, label, signal),
  ])
  return syncPlan(label, local, remote, keepLocal)
}

/** Does what a plan says. The first failure ends it; what was moved until then stays. */
export async function applySync(
  world: SyncWorld,
  root: string,
  plan: SyncPlan,
  signal: AbortSignal,
  onProgress: (progress: SyncProgress) => void = () => {},
): Promise<void> {
  const { uploads, downloads, conflicts, bytes: ofBytes } = planTotals(plan)
  const ofFiles = uploads + downloads + conflicts
  let files = 0
  let bytes = 0
  const report = () => onProgress({ files, ofFiles, bytes, ofBytes })
  for (const { folder, label } of plan.folders) {
    await mkdir(join(root, folder), { recursive: true })
    await writeFile(join(root, folder, labelFile), JSON.stringify({ label }))
  }
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  await eachLimited(transfersOf(plan), transfers, async (transfer) => {
    const { label, folder } = transfer.plan
    const onBytes = (count: number) => {
      bytes += count
      report()
    }
    try {
      stop.throwIfAborted()
      if (transfer.kind === "upload") {
        const { name } = transfer.file
        const path = join(root, folder, name)
        const { files: records, store, storage } = world
        await upload(records, store, storage, label, path, transfer.file, stop, onBytes)
      } else {
        const { name, size, checksum, s3filename } = transfer.file
        const wanted = { label, name, size, checksum, object: s3filename }
        await download(world.store, wanted, join(root, folder, name), stop, onBytes)
      }
    } catch (error) {
      failed.abort(error)
      throw error
    }
    files += 1
    report()
  })
}

/** Writes the files of a snapshot below a folder. */
export async function downloadSnapshot(
  world: SyncWorld,
  snapshot: SnapshotRecord,
  root: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(root, { recursive: true })
  const label = normalLabel(snapshot.label)
  await eachLimited(
    await snapshotRecords(world.files, snapshot, signal),
    transfers,
    async (record) => {
      const folder = folderBelow(label, normalLabel(record.label))
      if (folder === undefined || safeName(record.name) === undefined) {
        throw new StorageError(
          `The snapshot "${snapshot.name}" holds "${record.label}/${record.name}", which would be written outside of "${root}". Nothing was written for it.`,
        )
      }
      const path = join(root, folder, record.name)
      await mkdir(dirname(path), { recursive: true })
      await download(world.store, storedFile(record), path, signal)
    },
  )
}

function* transfersOf({ folders, keepLocal }: SyncPlan) {
  for (const plan of folders) {
    for (const file of plan.uploads) yield upwards(plan, file)
    for (const file of plan.downloads) yield downwards(plan, file)
    for (const { local, remote } of plan.conflicts) {
      yield keepLocal ? upwards(plan, local) : downwards(plan, remote)
    }
  }
}

function downwards(plan: FolderPlan, file: FolderPlan["downloads"][number]) {
  return { kind: "download" as const, plan, file }
}

function upwards(plan: FolderPlan, file: FolderPlan["uploads"][number]) {
  return { kind: "upload" as const, plan, file }
}

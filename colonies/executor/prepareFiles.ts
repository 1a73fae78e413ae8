import { mkdir, realpath, rm } from "node:fs/promises"
import { join } from "node:path"
import { ColonyError } from "../client/colonyError.ts"
import type { FunctionSpecRecord, SnapshotMountRecord, SyncDirRecord } from "../client/records.ts"
import { listRemote } from "../files/colonyFiles.ts"
import { StorageError } from "../files/fileStore.ts"
import { refuseLink, refuseLinks } from "../files/refuseLink.ts"
import { scanFolder } from "../files/scanFolder.ts"
import { applySync, downloadSnapshot, type SyncWorld } from "../files/sync.ts"
import { syncPlan } from "../files/syncPlan.ts"
import { pause } from "../pause.ts"
import { ProcessFailure } from "./processFailure.ts"
import type { Progress } from "./progress.ts"

/** The shared volume as the executor sees it, and the files of the colony. */
export interface FilesWorld {
  /** Opens the storage on first use; fails with a sentence where none is set. */
  readonly files: () => Promise<SyncWorld>
  /** Where the volume is here; undefined where no volume is set. */
  readonly folder: string | undefined
  readonly tell: (progress: Progress) => Promise<void>
  readonly signal: AbortSignal
}

/** Before the Job: snapshots are written to the volume, and each folder made equal with its label. */
export async function filesIn(
  { fs }: FunctionSpecRecord,
  processId: string,
  world: FilesWorld,
): Promise<void> {
  if (!fs?.mount) {
    const text = "Ignoring downloading snapshots and syncing dirs as mount not definied"
    await world.tell({ kind: "step", text })
    return
  }
  for (const snapshot of fs.snapshots ?? []) {
    if (snapshot.snapshotid) await fetchSnapshot(snapshot, processId, world)
  }
  for (const dir of fs.dirs ?? []) {
    const keepLocal = dir.onconflicts?.onstart?.keeplocal === true
    await syncDir(fs.mount, dir, keepLocal, processId, world, "Failed to pre sync")
  }
}

/**
 * After the Job, however it ended: each folder is made equal with its label again, and what the spec
 * does not want kept goes. A snapshot goes only when the process was successful.
 */
export async function filesOut(
  { fs }: FunctionSpecRecord,
  processId: string,
  isSuccessful: boolean,
  world: FilesWorld,
): Promise<void> {
  if (!fs?.mount) {
    const text = "Ignoring syncing dirs as mount not definied"
    await world.tell({ kind: "step", text })
    return
  }
  for (const dir of fs.dirs ?? []) {
    const keepLocal = dir.onconflicts?.onclose?.keeplocal === true
    await syncDir(fs.mount, dir, keepLocal, processId, world, "Failed to post sync")
  }
  for (const { snapshotid, keepsnapshot, keepfiles, dir = "" } of fs.snapshots ?? []) {
    if (!snapshotid) continue
    if (isSuccessful && keepsnapshot !== true) await removeSnapshot(snapshotid, world)
    if (keepfiles !== true) await removeFolder(dir, "snapshot mount dir", processId, world)
  }
  for (const { label, dir = "", keepfiles } of fs.dirs ?? []) {
    if (label && keepfiles !== true) await removeFolder(dir, "syncdir mount", processId, world)
  }
}

async function syncDir(
  mount: string,
  { label, dir = "" }: SyncDirRecord,
  keepLocal: boolean,
  processId: string,
  world: FilesWorld,
  context: string,
): Promise<void> {
  if (!label) return
  const filled = { label: fill(label, processId), dir: fill(dir, processId) }
  await within(context, world, async (sync, volume) => {
    const folder = await ownFolder(volume, filled.dir)
    const [local, remote] = await Promise.all([
      scanFolder(folder, world.signal, { within: volume }),
      listRemote(sync.files, filled.label, world.signal),
    ])
    const plan = syncPlan(filled.label, local, remote, keepLocal)
    await world.tell({ kind: "sync", dir: seenPath(mount, filled.dir), plan })
    for (const name of plan.refused) {
      await world.tell({ kind: "note", text: `Left out, as it would leave the folder: ${name}` })
    }
    await refuseLinks(volume, folder, plan)
    await applySync(sync, folder, plan, world.signal)
  })
}

async function fetchSnapshot(
  { snapshotid = "", label = "", dir = "" }: SnapshotMountRecord,
  processId: string,
  world: FilesWorld,
): Promise<void> {
  const where = fill(dir, processId)
  await within("Failed to download snapshots", world, async (sync, volume) => {
    const { server, colony } = sync.files
    const fields = { colonyname: colony, snapshotid, name: "" }
    const snapshot = await server.call("getsnapshotmsg", fields, { signal: world.signal })
    await world.tell({ kind: "step", text: `Creating directory: ${where}` })
    const folder = await ownFolder(volume, where)
    const text = `Downloading snapshot: Label:${label} SnapshotID:${snapshotid} Dir:${where}`
    await world.tell({ kind: "step", text })
    await downloadSnapshot(sync, snapshot, folder, world.signal)
  })
}

async function removeSnapshot(snapshotid: string, world: FilesWorld): Promise<void> {
  await within("Failed to post sync", world, async ({ files: { server, colony } }) => {
    const fields = { colonyname: colony, snapshotid, name: "" }
    await server.call("removesnapshotmsg", fields, { signal: world.signal })
  })
}

/** A Job that runs as somebody else may leave what we cannot remove; that is told and no failure. */
async function removeFolder(
  dir: string,
  what: string,
  processId: string,
  world: FilesWorld,
): Promise<void> {
  const { folder } = world
  const where = fill(dir, processId)
  if (folder === undefined || /^\/*$/.test(where)) return
  await world.tell({ kind: "step", text: `Deleting ${what}: ${where}` })
  try {
    await rm(await ownFolder(folder, where), { recursive: true, force: true })
  } catch (error) {
    await world.tell({ kind: "note", text: `"${where}" could not be deleted: ${sentence(error)}` })
  }
}

/** Work on files; what storage, server or volume refuse fails the process, with their words. */
async function within(
  context: string,
  { files, folder, signal }: FilesWorld,
  work: (sync: SyncWorld, volume: string) => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      if (folder === undefined) {
        throw new StorageError("No shared volume is set: EXECUTOR_FS_DIR and EXECUTOR_K8S_PVC")
      }
      await work(await files(), await realpath(folder))
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ColonyError) || !passing.has(error.kind)) {
        throw error instanceof ProcessFailure ? error : new ProcessFailure(sentence(error), context)
      }
      // A server that is started again is waited for; what was moved is not moved again.
      await pause(againMs, signal)
    }
  }
}

const againMs = 1_000
const passing: ReadonlySet<string> = new Set(["offline", "busy"])

/** Makes the folder; a link that an earlier Job left may not lead out of the volume. */
async function ownFolder(volume: string, dir: string): Promise<string> {
  const folder = join(volume, dir)
  await refuseLink(volume, folder)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  return folder
}

/** The path that the Job sees. */
function seenPath(mount: string, dir: string): string {
  return `${mount.replace(/\/+$/, "")}/${dir.replace(/^\/+/, "")}`
}

function fill(text: string, processId: string): string {
  return text.replace("{processid}", () => processId)
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import type { FilesSnapshot } from "#core/spec/filesTasks"
import { ColonyError } from "../client/colonyError.ts"
import type { SnapshotRecord } from "../client/records.ts"
import { refuseLink } from "../files/refuseLink.ts"
import { downloadSnapshot, type SyncWorld } from "../files/sync.ts"
import { isPlaceholder } from "../takeSnapshots.ts"
import { type FilesWorld, filled, folderOf, withColonyFiles } from "./filesWorld.ts"
import { syncFolder } from "./syncFolder.ts"

/** Fetches what the tasks of a run want to find: its first step. Safe to repeat. */
export function filesIn(world: FilesWorld): Promise<void> {
  return withColonyFiles(world, async (colony) => {
    for (const { task, dirs, snapshots } of world.files) {
      for (const snapshot of snapshots) {
        const folder = folderOf(world, task, snapshot.dir)
        await refuseLink(world.area, folder)
        const record = await snapshotOf(snapshot, task, colony, world)
        world.print(
          `ColonyOS: Downloading snapshot: Label:${record.label} SnapshotID:${record.snapshotid} Dir:${snapshot.dir}`,
        )
        await downloadSnapshot(colony, record, folder, world.signal)
      }
      for (const dir of dirs) {
        const folder = folderOf(world, task, dir.dir)
        const label = filled(dir.label, world.execution, task)
        await syncFolder(colony, world, { label, folder, keepLocal: dir.keepLocalAtStart })
      }
    }
  })
}

/** Where the text leaves it open, one of what there is now, under a name that a second try finds again. */
export async function snapshotOf(
  { id, label }: FilesSnapshot,
  task: string,
  { files: { server, colony } }: SyncWorld,
  { execution, signal }: Pick<FilesWorld, "execution" | "signal">,
): Promise<SnapshotRecord> {
  const options = { signal }
  if (!isPlaceholder({ snapshotid: id })) {
    return server.call("getsnapshotmsg", { colonyname: colony, snapshotid: id, name: "" }, options)
  }
  const name = `${execution}.${task} ${label}`
  const asked = { colonyname: colony, label: filled(label, execution, task), name }
  try {
    return await server.call("createsnapshotmsg", asked, options)
  } catch (error) {
    if (!(error instanceof ColonyError) || !/already exists/.test(error.said)) throw error
    return server.call("getsnapshotmsg", { colonyname: colony, snapshotid: "", name }, options)
  }
}

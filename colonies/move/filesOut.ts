import { rm } from "node:fs/promises"
import { ColonyError } from "../client/colonyError.ts"
import { refuseLink } from "../files/refuseLink.ts"
import { snapshotOf } from "./filesIn.ts"
import { type FilesWorld, filled, folderOf, withColonyFiles } from "./filesWorld.ts"
import { syncFolder } from "./syncFolder.ts"

/** Sends back what the tasks of a run left, then tidies up as the spec says: its last step. */
export function filesOut(world: FilesWorld): Promise<void> {
  return withColonyFiles(world, async (colony) => {
    const { files, execution, print, signal, area } = world
    for (const { task, dirs } of files) {
      for (const dir of dirs) {
        const label = filled(dir.label, execution, task)
        const folder = folderOf(world, task, dir.dir)
        await syncFolder(colony, world, { label, folder, keepLocal: dir.keepLocalAtEnd })
      }
    }
    // Only now: until everything is back, a second try may need all of it.
    for (const { task, dirs, snapshots } of files) {
      for (const snapshot of snapshots) {
        if (!snapshot.keepSnapshot) {
          const { snapshotid } = await snapshotOf(snapshot, task, colony, world)
          const named = { colonyname: colony.files.colony, snapshotid, name: "" }
          await withoutMissing(colony.files.server.call("removesnapshotmsg", named, { signal }))
        }
      }
      for (const { dir, keepFiles } of [...snapshots, ...dirs]) {
        const folder = folderOf(world, task, dir)
        if (keepFiles || folder === area || folder === `${area}/`) continue
        await refuseLink(area, folder)
        print(`ColonyOS: Deleting syncdir mount: ${folder.slice(area.length)}`)
        await rm(folder, { recursive: true, force: true })
      }
    }
  })
}

async function withoutMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof ColonyError) || error.kind !== "not-found") throw error
  }
}

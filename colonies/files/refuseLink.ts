import { realpath } from "node:fs/promises"
import { dirname, join, sep } from "node:path"
import { StorageError } from "./fileStore.ts"
import type { SyncPlan } from "./syncPlan.ts"

/**
 * Others write to a shared volume, links too: one that leads out of it could hand over what only we
 * may read, or have us write where they may not.
 */
export async function refuseLink(volume: string, path: string): Promise<void> {
  const inside = await realpath(volume)
  for (let at = path; at.length >= volume.length; at = dirname(at)) {
    const real = await realpath(at).catch(() => undefined)
    if (real === undefined) continue
    if (real === inside || real.startsWith(inside + sep)) return
    break
  }
  throw new StorageError(`"${path}" leads out of the shared volume`)
}

/** As `refuseLink` for every folder that a plan writes to. */
export async function refuseLinks(volume: string, root: string, plan: SyncPlan): Promise<void> {
  for (const { folder } of plan.folders) await refuseLink(volume, join(root, folder))
}

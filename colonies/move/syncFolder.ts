import { mkdir, realpath } from "node:fs/promises"
import { listRemote } from "../files/colonyFiles.ts"
import { refuseLink, refuseLinks } from "../files/refuseLink.ts"
import { scanFolder } from "../files/scanFolder.ts"
import { applySync, type SyncWorld } from "../files/sync.ts"
import { planTotals, syncPlan } from "../files/syncPlan.ts"
import type { FilesWorld } from "./filesWorld.ts"

/** How often a long transfer says how far it is. */
const reportMs = 5_000

interface SyncedFolder {
  readonly label: string
  readonly folder: string
  readonly keepLocal: boolean
}

/** Makes a folder and a label equal, with the line that the executors of Colonies print about it. */
export async function syncFolder(
  colony: SyncWorld,
  { print, signal, area }: FilesWorld,
  { label, folder, keepLocal }: SyncedFolder,
): Promise<void> {
  await refuseLink(area, folder)
  await mkdir(folder, { recursive: true })
  const [local, remote] = await Promise.all([
    scanFolder(folder, signal, { within: await realpath(area) }),
    listRemote(colony.files, label, signal),
  ])
  const plan = syncPlan(label, local, remote, keepLocal)
  await refuseLinks(area, folder, plan)
  for (const name of plan.refused) {
    print(`ColonyOS: "${name}" would lie outside of its folder and is left where it is.`)
  }
  const { downloads, uploads, conflicts } = planTotals(plan)
  const strategy = keepLocal ? "keeplocal" : "keepremote"
  print(
    `ColonyOS: Starting directory synchronization: Label:${label} Dir:${folder.slice(area.length)} Download:${downloads} Upload:${uploads} Conflicts:${conflicts} ConflictResolutionStrategy:${strategy}`,
  )
  let reportAt = performance.now() + reportMs
  await applySync(colony, folder, plan, signal, ({ files, ofFiles, bytes, ofBytes }) => {
    if (performance.now() < reportAt) return
    reportAt = performance.now() + reportMs
    print(`ColonyOS: ${files} of ${ofFiles} files, ${bytes} of ${ofBytes} bytes`)
  })
}

import { readFileSync, rmSync } from "node:fs"
import { withLock } from "../lock.mts"
import { removeCgroups, restoreHost } from "./host.mts"
import { everyChoice, type Layout, layout, layoutOf } from "./layout.mts"
import { dropNetwork } from "./network.mts"
import { endAll } from "./processes.mts"
import { tried } from "./shell.mts"

/** Stops the cluster of this clone, or of every clone, and answers how many processes were ended. */
export async function down({
  wipe,
  all,
  tell,
}: {
  wipe: boolean
  all: boolean
  tell: (sentence: string) => void
}): Promise<number> {
  return await withLock({ name: "cluster", purpose: "stops a cluster", tell }, async () => {
    const layouts = all ? everyChoice().map(({ choices }) => layoutOf(choices.clone)) : [layout]
    let ended = 0
    for (const each of layouts) ended += await takeDown(each, { wipe })
    return ended
  })
}

/** Ends and removes whatever there is of a cluster, also of one that was never whole. */
export async function takeDown(target: Layout, { wipe }: { wipe: boolean }): Promise<number> {
  const ended = await endAll(target)
  await Promise.all([dropNetwork(target), removeCgroups(target), unmount(target)])
  restoreHost(target)
  if (wipe) rmSync(target.folder, { recursive: true, force: true })
  return ended
}

/** The node's mounts end with its namespace; this is for what somebody mounted there by hand. */
async function unmount({ folder }: Layout): Promise<void> {
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? [])
    .filter((place) => place.startsWith(`${folder}/`))
  for (const place of mounts.sort().reverse()) await tried("umount", "--lazy", place)
}

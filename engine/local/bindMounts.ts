import { lstatSync, mkdirSync, realpathSync, type Stats, statSync } from "node:fs"
import { join, sep } from "node:path"
import { ClusterError } from "../clusterError.ts"
import type { ContainerPlan, Mount } from "./containerPlan.ts"

/** A folder or file of this machine, and where a container sees it. */
export interface BoundMount {
  readonly folder: string
  readonly at: string
  readonly isReadOnly: boolean
}

/** Where a pod finds its volumes on this machine, by what they are. */
export interface VolumeFolders {
  readonly claim: (name: string) => string
  readonly scratch: (volume: string) => string
}

/**
 * Makes what a container mounts, and answers where it lies. A step writes what it likes into its
 * volumes, links to the whole machine too: none of them is followed out of its volume. To be called
 * right before the container begins: until the runtime itself opens the path, another step that
 * writes to the same claim could still put a link there.
 */
export function bindMounts(
  { mounts, workingDir }: Pick<ContainerPlan, "mounts" | "workingDir">,
  folders: VolumeFolders,
): readonly BoundMount[] {
  const bound: BoundMount[] = []
  for (const mount of mounts) {
    const { at, isReadOnly } = mount
    // The runtime makes the place of a mount, and would follow a link to do so.
    const holder = holderOf(at, bound)
    const folder = partOf(mount, folders)
    if (holder && makeBelow(holder, statSync(folder).isDirectory()) === "link") {
      throw refusal(`The path "${at}" leads over a link, so nothing can be mounted there.`)
    }
    bound.push({ folder, at, isReadOnly })
  }
  const holder = workingDir === undefined ? undefined : holderOf(workingDir, bound)
  if (holder) makeBelow(holder, true)
  return bound
}

/** The mount that a path of the container lies in, and the way from there. */
export function holderOf(path: string, mounts: readonly BoundMount[]): Holder | undefined {
  const parts = partsOf(path)
  const found = mounts.findLast(({ at }) => {
    const start = partsOf(at)
    return start.length <= parts.length && start.every((part, index) => part === parts[index])
  })
  return found && { mount: found, way: parts.slice(partsOf(found.at).length) }
}

interface Holder {
  readonly mount: BoundMount
  readonly way: readonly string[]
}

/** What of a volume is mounted, made where it is not there yet. */
function partOf({ volume, below }: Mount, folders: VolumeFolders): string {
  const folder = folders[volume.kind](volume.name)
  mkdirSync(folder, { recursive: true })
  const root = realpathSync(folder)
  const parts = partsOf(below ?? "")
  let path = root
  for (const [index, part] of parts.entries()) {
    path = join(path, part)
    const what = `"${parts.slice(0, index + 1).join("/")}" of the volume "${volume.name}"`
    if (lookOrMake(path).isSymbolicLink()) path = targetOf(path, what)
    if (path !== root && !path.startsWith(`${root}${sep}`)) {
      throw refusal(`${what} is a link that leads out of it. It is not followed.`)
    }
    const found = lstatSync(path)
    const isLast = index === parts.length - 1
    if (!found.isDirectory() && !(isLast && found.isFile())) {
      throw refusal(`${what} is no folder, so "${below}" cannot be mounted.`)
    }
  }
  if (realpathSync(path) !== path) {
    throw refusal(`"${below}" of the volume "${volume.name}" was moved while it was mounted.`)
  }
  return path
}

/** Makes the way inside a mount; says where it cannot go on, which is for the runtime to say. */
function makeBelow({ mount, way }: Holder, isFolder: boolean): "made" | "link" | "left" {
  let path = mount.folder
  for (const [index, part] of way.entries()) {
    path = join(path, part)
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found?.isSymbolicLink()) return "link"
    if (found === undefined) {
      const isFile = !isFolder && index === way.length - 1
      if (mount.isReadOnly || isFile) return "left"
      mkdirSync(path)
    } else if (!found.isDirectory()) return "left"
  }
  return "made"
}

function lookOrMake(path: string): Stats {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found) return found
  mkdirSync(path)
  return lstatSync(path)
}

function targetOf(path: string, what: string): string {
  try {
    return realpathSync(path)
  } catch {
    throw refusal(`${what} is a link to nothing that is there.`)
  }
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".")
}

function refusal(sentence: string): ClusterError {
  return new ClusterError("invalid", sentence)
}

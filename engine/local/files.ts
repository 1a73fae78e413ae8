import { readFileSync, statfsSync } from "node:fs"
import { dirname } from "node:path"
import { type Json, objectOf } from "#core/plan/json"
import { ClusterError } from "../clusterError.ts"
import { writeWhole } from "../writeWhole.ts"

/** Whole or not at all; what was there stays until then. */
export function writeJson(path: string, value: Json): void {
  withRoom(dirname(path), () => writeWhole(path, JSON.stringify(value)))
}

/** Undefined when it is not there or was never whole. */
export function readJson(path: string): ReturnType<typeof objectOf> | undefined {
  try {
    return objectOf(JSON.parse(readFileSync(path, "utf8")))
  } catch {
    return undefined
  }
}

/** Does something in the folder; a disk without room for it is told in a sentence of ours. */
export function withRoom<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOSPC" || code === "EDQUOT") throw fullDisk(folder)
    throw error
  }
}

export function fullDisk(folder: string): ClusterError {
  return new ClusterError(
    "full",
    `There is no room left on the disk of "${folder}". Make some: what runs goes on, and the rest follows by itself.`,
  )
}

export function isFullDisk(error: unknown): error is ClusterError {
  return error instanceof ClusterError && error.kind === "full"
}

/** Whether a command that wrote into the folder just now may have found no room. */
export function lacksRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < 64 * 1024
  } catch {
    return false
  }
}

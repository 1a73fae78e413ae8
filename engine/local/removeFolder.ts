import { mkdirSync, renameSync } from "node:fs"
import { rm } from "node:fs/promises"
import { dirname } from "node:path"

/**
 * Removes a folder with all in it. Where a command in a container wrote files as another user, which
 * this one may not remove, what is left is set aside, and answered is where.
 */
export async function removeFolder(
  folder: string,
  aside: string,
  remove: typeof rm = rm,
): Promise<string | undefined> {
  try {
    await remove(folder, { recursive: true, force: true })
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== "EACCES" && code !== "EPERM") throw error
    mkdirSync(dirname(aside), { recursive: true, mode: 0o700 })
    renameSync(folder, aside)
    return aside
  }
}

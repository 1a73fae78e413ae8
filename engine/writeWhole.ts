import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"

/**
 * Whole or not at all, also when the machine loses its power or the disk has room for a part of it;
 * what was there stays until then.
 */
export function writeWhole(path: string, text: string): void {
  const half = `${path}.new`
  try {
    const file = openSync(half, "w", 0o600)
    try {
      // One write may take less than it was given and say so to nobody but its caller.
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(half, path)
  } catch (error) {
    rmSync(half, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** The new name is on disk too. What the file has is whole either way. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r")
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // Windows opens no folder, and some file systems sync none.
  }
}

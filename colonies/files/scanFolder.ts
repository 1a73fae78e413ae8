import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readdir, realpath, stat } from "node:fs/promises"
import { join, sep } from "node:path"
import { pipeline } from "node:stream/promises"
import { eachLimited } from "./eachLimited.ts"
import type { LocalFile, LocalFolders } from "./syncPlan.ts"

/** Where the label of a folder is noted, and what half a download is kept in: neither is data. */
export const labelFile = ".cfs"
export const partPrefix = ".cfs-part-"

const readers = 8

export interface ScanProgress {
  readonly files: number
  readonly bytes: number
}

export interface ScanOptions {
  readonly onProgress?: (progress: ScanProgress) => void
  /** A real path that links may not lead out of: where others may put links, they are not followed. */
  readonly within?: string
}

/** All regular files below a folder with their checksums; links are followed, but in no circle. */
export async function scanFolder(
  root: string,
  signal: AbortSignal,
  { onProgress = () => {}, within }: ScanOptions = {},
): Promise<LocalFolders> {
  const folders = new Map<string, LocalFile[]>()
  const files: { readonly folder: string; readonly name: string; readonly size: number }[] = []
  const walk = async (folder: string, above: readonly string[]) => {
    signal.throwIfAborted()
    const path = join(root, folder)
    const { dev, ino } = await stat(path)
    const identity = `${dev}:${ino}`
    if (above.includes(identity)) return
    folders.set(folder, [])
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.name === labelFile || entry.name.startsWith(partPrefix)) continue
      if (within !== undefined && entry.isSymbolicLink()) {
        const target = await realpath(join(path, entry.name)).catch(() => "")
        if (!target.startsWith(within + sep)) continue
      }
      // What a link points to may be gone.
      const facts = await stat(join(path, entry.name)).catch(() => undefined)
      if (facts?.isDirectory()) await walk(join(folder, entry.name), [...above, identity])
      else if (facts?.isFile()) files.push({ folder, name: entry.name, size: facts.size })
    }
  }
  await walk("", [])

  let done = 0
  let bytes = 0
  await eachLimited(files, readers, async ({ folder, name, size }) => {
    const checksum = await checksumOf(join(root, folder, name), signal)
    folders.get(folder)?.push({ name, size, checksum })
    done += 1
    bytes += size
    onProgress({ files: done, bytes })
  })
  return folders
}

export async function checksumOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256")
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal })
  return hash.digest("hex")
}

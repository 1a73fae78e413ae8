import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { pipeline } from "node:stream/promises"
import type { FileRecord } from "../client/records.ts"
import { type ColonyFiles, objectName } from "./colonyFiles.ts"
import { type FileStore, type OnBytes, StorageError } from "./fileStore.ts"
import { checksumOf, partPrefix } from "./scanFolder.ts"
import type { StorageSettings } from "./storageSettings.ts"
import type { LocalFile } from "./syncPlan.ts"

/** First the bytes, then the record: nobody finds a record without its bytes. */
export async function upload(
  files: ColonyFiles,
  store: FileStore,
  storage: StorageSettings,
  label: string,
  path: string,
  file: LocalFile,
  signal: AbortSignal,
  onBytes: OnBytes = () => {},
): Promise<FileRecord> {
  const object = objectName(files.colony, label, file)
  if (file.size > 0) await store.put(object, path, file.size, signal, onBytes)
  return files.server.call(
    "addfilemsg",
    {
      file: {
        colonyname: files.colony,
        label,
        name: file.name,
        size: file.size,
        checksum: file.checksum,
        checksumalg: "SHA256",
        ref: {
          protocol: "s3",
          s3object: {
            server: storage.endpoint,
            port: -1,
            tls: storage.tls,
            // Every member of the colony can read a record, and nobody reads these.
            accesskey: "",
            secretkey: "",
            region: storage.region,
            encryptionkey: "",
            encryptionalg: "",
            object,
            bucket: storage.bucket,
          },
        },
      },
    },
    { signal },
  )
}

/** What must be known of a file to bring it here. */
export interface StoredFile extends LocalFile {
  readonly label: string
  readonly object: string
}

export function storedFile({ label, name, size, checksum, ref }: FileRecord): StoredFile {
  return { label, name, size, checksum, object: ref.s3object.object }
}

/**
 * Writes a file beside its place, checks it and moves it there, so that nobody ever sees half of it.
 * What an earlier try left is gone on with.
 */
export async function download(
  store: FileStore,
  wanted: StoredFile,
  path: string,
  signal: AbortSignal,
  onBytes: OnBytes = () => {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const part = partPath(path, wanted.checksum)
  if (wanted.size === 0) {
    await writeFile(part, "")
  } else {
    await fetchRest(store, wanted, part, signal, onBytes)
    const checksum = await checksumOf(part, signal)
    if (checksum !== wanted.checksum) {
      await rm(part, { force: true })
      throw new StorageError(
        `"${wanted.label}/${wanted.name}" arrived damaged: its checksum is ${checksum}, its record says ${wanted.checksum}. The file that was there is kept; upload it anew if this happens again.`,
      )
    }
  }
  await rename(part, path)
}

/** One for each name too: files of equal content come down at the same time. */
function partPath(path: string, checksum: string): string {
  const which = createHash("sha256")
    .update(`${checksum}/${basename(path)}`)
    .digest("hex")
  return join(dirname(path), `${partPrefix}${which}`)
}

async function fetchRest(
  store: FileStore,
  { label, name, size, object }: StoredFile,
  part: string,
  signal: AbortSignal,
  onBytes: OnBytes,
): Promise<void> {
  const there = await stat(part).then(
    (facts) => facts.size,
    () => 0,
  )
  const from = there <= size ? there : 0
  onBytes(from)
  if (from === size) return
  const bytes = await store.get(object, from, signal)
  const file = createWriteStream(part, { flags: from > 0 ? "a" : "w" })
  bytes.on("data", (chunk: Buffer) => onBytes(chunk.length))
  try {
    await pipeline(bytes, file, { signal })
  } catch (error) {
    signal.throwIfAborted()
    if (!isCut(error)) throw error
    throw new StorageError(
      `The S3 storage ended the connection in the middle of "${label}/${name}". Try again: what has arrived is kept.`,
    )
  }
}

function isCut(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return typeof code === "string" && cuts.has(code)
}

const cuts: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
])

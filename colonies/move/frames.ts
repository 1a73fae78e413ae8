import { createHash } from "node:crypto"
import { createReadStream, createWriteStream } from "node:fs"
import { mkdir, rename, rm } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { StorageError } from "../files/fileStore.ts"
import { safePath } from "../files/labels.ts"
import { partPrefix } from "../files/scanFolder.ts"

/** A file on its way into a claim. */
export interface SentFile {
  /** Below the area, with slashes. */
  readonly path: string
  readonly size: number
  readonly checksum: string
}

/**
 * Files as one stream: for each a line of JSON and its bytes, in the end a line with their number.
 * A stream that was cut is known by the lack of that line.
 */
export async function* framesOf(
  files: readonly (SentFile & { readonly from: string })[],
): AsyncGenerator<Uint8Array> {
  for (const { from, ...file } of files) {
    yield line(file)
    let left = file.size
    for await (const chunk of createReadStream(from, { highWaterMark: 256 * 1024 })) {
      const bytes = chunk as Buffer
      if (bytes.length > left) throw changed(from)
      left -= bytes.length
      yield bytes
    }
    if (left > 0) throw changed(from)
  }
  yield line({ end: files.length })
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

function changed(path: string): StorageError {
  return new StorageError(`"${path}" changed while it was sent. Start the run again.`)
}

/** Writes what arrives below the area, each file whole and checked or not at all; how many there were. */
export async function takeFrames(input: AsyncIterable<Uint8Array>, area: string): Promise<number> {
  const reader = new FrameReader(input)
  for (let files = 0; ; files += 1) {
    const head = JSON.parse(await reader.line()) as SentFile | { readonly end: number }
    if ("end" in head) {
      if (head.end === files) return files
      throw new StorageError(`${files} files arrived where ${head.end} were sent.`)
    }
    await takeFile(reader, head, area)
  }
}

async function takeFile(
  reader: FrameReader,
  { path, size, checksum }: SentFile,
  area: string,
): Promise<void> {
  if (safePath(path) === undefined) {
    throw new StorageError(`"${path}" would be written outside of the claim.`)
  }
  const target = join(area, path)
  await mkdir(dirname(target), { recursive: true })
  const part = join(dirname(target), `${partPrefix}${basename(target)}`)
  const hash = createHash("sha256")
  const file = createWriteStream(part)
  const failed = new Promise<never>((_, reject) => file.once("error", reject))
  failed.catch(() => {})
  for await (const chunk of reader.bytes(size)) {
    hash.update(chunk)
    if (!file.write(chunk)) {
      await Promise.race([new Promise<void>((resolve) => file.once("drain", resolve)), failed])
    }
  }
  await Promise.race([new Promise<void>((resolve) => file.end(resolve)), failed])
  const found = hash.digest("hex")
  if (found !== checksum) {
    await rm(part, { force: true })
    throw new StorageError(`"${path}" arrived damaged: ${found} instead of ${checksum}.`)
  }
  await rename(part, target)
}

class FrameReader {
  readonly #input: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)

  constructor(input: AsyncIterable<Uint8Array>) {
    this.#input = input[Symbol.asyncIterator]()
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(10)
      if (end >= 0) {
        const text = this.#rest.toString("utf8", 0, end)
        this.#rest = this.#rest.subarray(end + 1)
        return text
      }
      this.#rest = Buffer.concat([this.#rest, await this.#more()])
    }
  }

  async *bytes(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = await this.#more()
      const chunk = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(chunk.length)
      left -= chunk.length
      yield chunk
    }
  }

  async #more(): Promise<Buffer> {
    const next = await this.#input.next()
    if (next.done) throw new StorageError("The connection ended before all files had arrived.")
    return Buffer.from(next.value)
  }
}

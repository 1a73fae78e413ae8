import { type FileHandle, open } from "node:fs/promises"

export interface LogFileRequest {
  readonly limitBytes?: number
  readonly tailLines?: number
  /** Leaves out what was there before; of a file that grew since then it cannot be told apart. */
  readonly sinceSeconds?: number
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

const chunkBytes = 64 * 1024
/** How often a log that is followed is looked at: its writer is no process of ours. */
const lookMs = 200

/** What a container printed so far, and when it is followed what it prints until it is over. */
export async function* readLogFile(
  path: string,
  isOver: () => boolean,
  {
    limitBytes = Number.POSITIVE_INFINITY,
    tailLines,
    sinceSeconds,
    follow,
    signal,
  }: LogFileRequest,
): AsyncIterable<string> {
  const file = await openWhenThere(path, isOver, follow === true, signal)
  if (file === undefined) return
  try {
    const { mtimeMs, size } = await file.stat()
    const isOld = sinceSeconds !== undefined && mtimeMs < Date.now() - sinceSeconds * 1000
    let at = isOld ? size : tailLines === undefined ? 0 : await startOfTail(file, tailLines)
    let left = limitBytes
    const decoder = new TextDecoder()
    for (;;) {
      // Asked before the last look, or what was printed in between would be missed.
      const wasOver = isOver()
      for (;;) {
        const wanted = Math.min(chunkBytes, left)
        const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, at)
        if (bytesRead === 0) break
        at += bytesRead
        left -= bytesRead
        yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true })
        if (left <= 0) return
      }
      if (wasOver || !follow) return
      await pause(signal)
      if (signal?.aborted) return
    }
  } finally {
    await file.close()
  }
}

async function openWhenThere(
  path: string,
  isOver: () => boolean,
  follow: boolean,
  signal: AbortSignal | undefined,
): Promise<FileHandle | undefined> {
  for (;;) {
    const wasOver = isOver()
    try {
      return await open(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
      if (wasOver || !follow || signal?.aborted) return undefined
      await pause(signal)
    }
  }
}

/** Where the last lines begin. */
async function startOfTail(file: FileHandle, lines: number): Promise<number> {
  const { size } = await file.stat()
  let end = size
  let found = 0
  while (end > 0) {
    const start = Math.max(0, end - chunkBytes)
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    for (let i = buffer.length - 1; i >= 0; i -= 1) {
      // The end of the last line does not begin another one.
      if (buffer[i] !== 10 || start + i === size - 1) continue
      found += 1
      if (found === lines) return start + i + 1
    }
    end = start
  }
  return 0
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, lookMs)
    signal?.addEventListener("abort", done, { once: true })
    if (signal?.aborted) done()
  })
}

import { createHash } from "node:crypto"
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { LogText } from "#engine/protocol"

/** Which run a copy is of; one that was deleted and made again is another. */
export interface KeptRun {
  readonly place: string
  readonly run: string
  readonly createdAt: string | null
}

/** What is kept of one container. */
export interface KeptLog {
  readonly pod: string
  readonly container: string
  /** When the last of it was written, in milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

/** Copies of logs on this machine, for when their pods are gone: a folder a run, a file a container. */
export class KeptLogs {
  readonly #folder: string
  readonly #mostBytes: () => number
  readonly #writing = new Map<string, Promise<void>>()
  #sinceLastLook = Number.POSITIVE_INFINITY

  constructor(folder: string, mostBytes: () => number) {
    this.#folder = folder
    this.#mostBytes = mostBytes
  }

  /** Adds lines to a container's copy; `isFirst`: in place of what was kept of it before. */
  keep(
    run: KeptRun,
    { step, pod, container, lines, isNote }: Omit<LogText, "log">,
    isFirst: boolean,
  ): Promise<void> {
    // That a pod is gone must not take the place of what it printed.
    if (isNote || this.#mostBytes() <= 0) return Promise.resolve()
    const folder = join(this.#folder, folderName(run), fileName(step.split(" ")[0] ?? step))
    const path = join(folder, `${fileName(pod)}!${fileName(container)}.log`)
    const text = lines.map((line) => `${line}\n`).join("")
    const write = async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await (isFirst ? writeFile : appendFile)(path, text, { mode: 0o600 })
      this.#sinceLastLook += text.length
      // Looking at every file costs; a tenth of what may be kept is told apart well enough.
      if (this.#sinceLastLook > this.#mostBytes() / 10) await this.trim()
    }
    const next = (this.#writing.get(path) ?? Promise.resolve()).then(write)
    this.#writing.set(path, next)
    const done = () => {
      if (this.#writing.get(path) === next) this.#writing.delete(path)
    }
    next.then(done, done)
    return next
  }

  /** What is kept of a step, oldest first. */
  async of(run: KeptRun, step: string): Promise<readonly KeptLog[]> {
    const folder = join(this.#folder, folderName(run), fileName(step))
    const names = await readdir(folder).catch(() => [])
    const logs = await Promise.all(
      names.map(async (name): Promise<KeptLog> => {
        const path = join(folder, name)
        const [pod = "", container = ""] = name.replace(/\.log$/, "").split("!")
        const text = await readFile(path, "utf8")
        return { pod, container, text, at: (await stat(path)).mtimeMs }
      }),
    )
    return logs.sort((a, b) => a.at - b.at)
  }

  /** Removes the copies of the runs that were written to longest ago, until the rest may stay. */
  async trim(): Promise<void> {
    this.#sinceLastLook = 0
    const runs = await Promise.all(
      (await readdir(this.#folder).catch(() => [])).map(async (name) => {
        const files = await filesIn(join(this.#folder, name))
        return {
          name,
          bytes: files.reduce((sum, { size }) => sum + size, 0),
          at: Math.max(0, ...files.map(({ mtimeMs }) => mtimeMs)),
        }
      }),
    )
    let left = runs.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const { name, bytes } of runs.sort((a, b) => a.at - b.at)) {
      if (left <= this.#mostBytes()) return
      await rm(join(this.#folder, name), { recursive: true, force: true })
      left -= bytes
    }
  }

  async clear(): Promise<void> {
    await Promise.allSettled(this.#writing.values())
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function filesIn(folder: string) {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const files = await Promise.all(
    names.map((name) => stat(join(folder, name)).catch(() => undefined)),
  )
  return files.flatMap((file) => (file?.isFile() ? [file] : []))
}

/** Places have names that no file system takes. */
function folderName({ place, run, createdAt }: KeptRun): string {
  const hash = createHash("sha256").update(JSON.stringify([place, run, createdAt]))
  return `${fileName(run)}-${hash.digest("hex").slice(0, 12)}`
}

function fileName(name: string): string {
  return name.replace(/[^\w.-]/g, "_").replace(/^\.+/, "_")
}

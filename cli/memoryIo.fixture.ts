import type { EngineConnection } from "#engine/engineClient"
import type { FileFacts, FolderEntry, Io } from "./io.ts"

/** A world in memory: files by path, and what was written. */
export interface MemoryIo extends Io {
  readonly written: { stdout: string; stderr: string }
  /** What was added to files, by path. */
  readonly appended: Map<string, string>
  /** Resolves as soon as something is written that makes it true. */
  readonly until: (isSo: () => boolean) => Promise<void>
  /** Types Ctrl+C. */
  readonly interrupt: () => void
  /** Lets every limit that is waited for run out. */
  readonly runOut: () => void
}

interface World {
  /** A string is a file's text, an error what the system says when it is touched. */
  readonly files?: Readonly<Record<string, string | Uint8Array | Error>>
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** The width of the terminal that stdout and stderr are; without it they are pipes. */
  readonly terminal?: number
  readonly engine?: () => Promise<EngineConnection>
  /** What is typed when something is asked; without it nobody sits at the terminal. */
  readonly types?: (question: string) => string
  /** Paths that cannot be written. */
  readonly readOnly?: boolean
}

export function memoryIo(world: World = {}): MemoryIo {
  const { files = {}, stdin = "", env = {}, terminal, types } = world
  const appended = new Map<string, string>()
  const interrupts = new Set<() => void>()
  const limits = new Set<() => void>()
  const looks = new Set<() => void>()
  const callEach = (callbacks: Set<() => void>) => {
    for (const callback of [...callbacks]) callback()
  }
  const written = { stdout: "", stderr: "" }
  const bytesOf = (path: string): Uint8Array => {
    const content = files[path]
    if (content === undefined) throw refusal("ENOENT")
    if (content instanceof Error) throw content
    return typeof content === "string" ? new TextEncoder().encode(content) : content
  }
  const inFolder = (path: string) => `${path.replace(/\/$/, "")}/`
  const isFolder = (path: string) =>
    Object.keys(files).some((name) => name.startsWith(inFolder(path)))
  return {
    written,
    appended,
    until: (isSo) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isSo()) return
          looks.delete(look)
          resolve()
        }
        looks.add(look)
        look()
      }),
    interrupt: () => callEach(interrupts),
    runOut: () => callEach(limits),
    program: "kube-executions",
    user: "kim",
    env,
    now: Date.now,
    after: (_milliseconds, callback) => {
      limits.add(callback)
      return () => limits.delete(callback)
    },
    onInterrupt: (callback) => {
      interrupts.add(callback)
      return () => interrupts.delete(callback)
    },
    ask:
      types &&
      (async (question) => {
        written.stderr += question
        return types(question)
      }),
    stdout: {
      write: (text) => {
        written.stdout += text
        callEach(looks)
      },
      isTerminal: terminal !== undefined,
      columns: terminal,
      rows: terminal === undefined ? undefined : 24,
    },
    stderr: {
      write: (text) => {
        written.stderr += text
        callEach(looks)
      },
      isTerminal: terminal !== undefined,
      columns: terminal,
      rows: terminal === undefined ? undefined : 24,
    },
    runDriver: async (args) => {
      written.stdout += `driver ${args.join(" ")}\n`
      return 0
    },
    connectEngine:
      world.engine ??
      (async () => {
        throw new Error("There is no engine in a world in memory.")
      }),
    colonies: () => import("./coloniesMain.ts"),
    readStdin: async () => new TextEncoder().encode(stdin),
    files: {
      stat: async (path): Promise<FileFacts> =>
        isFolder(path) ? { kind: "folder", size: 0 } : { kind: "file", size: bytesOf(path).length },
      read: async (path) => bytesOf(path),
      append: async (path, text) => {
        if (world.readOnly) throw refusal("EACCES")
        appended.set(path, (appended.get(path) ?? "") + text)
      },
      readStart: async (path, length) => bytesOf(path).slice(0, length),
      list: async (folder): Promise<readonly FolderEntry[]> => {
        const below = Object.keys(files)
          .filter((name) => name.startsWith(inFolder(folder)))
          .map((name) => name.slice(inFolder(folder).length))
        const names = new Set(below.map((name) => name.split("/")[0] ?? ""))
        return Array.from(names, (name) => ({
          name,
          kind: below.includes(name) ? "file" : "folder",
        }))
      },
    },
  }
}

/** What the system says, by its code. */
export function refusal(code: string): Error {
  return Object.assign(new Error(code), { code })
}

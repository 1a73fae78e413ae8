import type { FileFacts, FolderEntry, Io } from "./io.ts"

/** A world in memory: files by path, and what was written. */
export interface MemoryIo extends Io {
  readonly written: { stdout: string; stderr: string }
}

interface World {
  /** A string is a file's text, an error what the system says when it is touched. */
  readonly files?: Readonly<Record<string, string | Uint8Array | Error>>
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** The width of the terminal that stdout is; without it stdout is a pipe. */
  readonly terminal?: number
}

export function memoryIo({ files = {}, stdin = "", env = {}, terminal }: World = {}): MemoryIo {
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
    env,
    stdout: {
      write: (text) => {
        written.stdout += text
      },
      isTerminal: terminal !== undefined,
      columns: terminal,
    },
    stderr: {
      write: (text) => {
        written.stderr += text
      },
      isTerminal: false,
      columns: undefined,
    },
    connectEngine: async () => {
      throw new Error("There is no engine in a world in memory.")
    },
    readStdin: async () => new TextEncoder().encode(stdin),
    files: {
      stat: async (path): Promise<FileFacts> =>
        isFolder(path) ? { kind: "folder", size: 0 } : { kind: "file", size: bytesOf(path).length },
      read: async (path) => bytesOf(path),
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

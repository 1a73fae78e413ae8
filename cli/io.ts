import type { EngineConnection } from "#engine/engineClient"

/** What a command may ask of the world it runs in; nodeMain.ts hands in the real one. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly files: Files
  /** Everything that comes in on standard input. */
  readonly readStdin: () => Promise<Uint8Array>
  /** A line to the engine of this machine, which is started when none runs. */
  readonly connectEngine: () => Promise<EngineConnection>
}

export interface Output {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** The width of the terminal, where there is one. */
  readonly columns: number | undefined
}

/** Paths are as the user wrote them. What the system refuses comes as its own error, with a code. */
export interface Files {
  readonly stat: (path: string) => Promise<FileFacts>
  readonly read: (path: string) => Promise<Uint8Array>
  /** The first bytes of a file, at most `length`. */
  readonly readStart: (path: string, length: number) => Promise<Uint8Array>
  readonly list: (folder: string) => Promise<readonly FolderEntry[]>
}

export interface FileFacts {
  readonly kind: "file" | "folder" | "other"
  readonly size: number
}

export interface FolderEntry {
  readonly name: string
  /** A link to a file counts as a file; a link to a folder as other, so a walk ends. */
  readonly kind: "file" | "folder" | "other"
}

/** 0 good · 1 the spec or the run failed · 2 wrong use. */
export type ExitCode = 0 | 1 | 2

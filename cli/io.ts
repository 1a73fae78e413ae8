import type { EngineConnection } from "#engine/engineClient"

/** What a command may ask of the world it runs in; nodeMain.ts hands in the real one. */
export interface Io {
  /** What the user typed to get here: `kube-executions` or `kubectl executions`. */
  readonly program: string
  /** Who asks, for "stopped by …". */
  readonly user: string
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly files: Files
  /** Everything that comes in on standard input. */
  readonly readStdin: () => Promise<Uint8Array>
  /** A line to the engine of this machine, which is started when none runs. */
  readonly connectEngine: () => Promise<EngineConnection>
  /** Runs the program that drives runs inside a cluster, until it ends. */
  readonly runDriver: (args: readonly string[]) => Promise<ExitCode>
  /** What the `colonies` commands do, loaded when one is typed. */
  readonly colonies: () => Promise<typeof import("./coloniesMain.ts")>
  /** Puts a question to a person and answers what they typed; undefined where nobody sits. */
  readonly ask: ((question: string) => Promise<string>) | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls back once, after so many milliseconds; the answer calls it off. */
  readonly after: (milliseconds: number, callback: () => void) => () => void
  /** From now on Ctrl+C calls back instead of ending the program; the answer undoes that. */
  readonly onInterrupt: (callback: () => void) => () => void
}

export interface Output {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** The size of the terminal, where there is one. */
  readonly columns: number | undefined
  readonly rows: number | undefined
}

/** Paths are as the user wrote them. What the system refuses comes as its own error, with a code. */
export interface Files {
  readonly stat: (path: string) => Promise<FileFacts>
  readonly read: (path: string) => Promise<Uint8Array>
  /** The first bytes of a file, at most `length`. */
  readonly readStart: (path: string, length: number) => Promise<Uint8Array>
  readonly list: (folder: string) => Promise<readonly FolderEntry[]>
  /** Adds to the end of a file that only its owner may read; makes it and its folders where needed. */
  readonly append: (path: string, text: string) => Promise<void>
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

/** 0 good · 1 the spec or the run failed · 2 wrong use · 130 ended by Ctrl+C. */
export type ExitCode = 0 | 1 | 2 | 130

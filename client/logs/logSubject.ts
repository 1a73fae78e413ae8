import type { Disposable } from "vscode"
import type { LogOptions, PlainPod } from "#engine/protocol"
import type { KeptRun } from "./keptLogs.ts"

/** Whose output a document shows, and what is known of it beside that. */
export interface LogSubject extends Disposable {
  /** As people call it. */
  readonly name: string
  /** What a file with its log is called. */
  readonly fileName: string
  /** How the engine is asked. */
  readonly whose: { readonly run: string } | PlainPod
  readonly options: LogOptions
  /** Resolves once it is known, and fails where it is gone. */
  readonly known: Promise<unknown>
  /** What copies on this machine are kept by. */
  keptRun(): KeptRun
  /** Oldest first, each with what is said above its output. */
  pods(): readonly TitledPod[]
  /** Why there is nothing to read; `isRead`: all that there was has been read. */
  nothing(isRead: boolean): string
}

interface TitledPod {
  readonly pod: string
  readonly title: string
}

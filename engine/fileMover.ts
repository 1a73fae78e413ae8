import type { TaskFiles } from "#core/spec/filesTasks"
import type { FilesSource } from "./protocol.ts"

/** Knows where a run's files come from and what brings them to its claim. */
export interface FileMover {
  /** Looks at what there is to bring; changes nothing. */
  readonly look: (source: FilesSource, wanted: readonly TaskFiles[]) => Promise<FilesLook>
  /** Of a pod that runs them: one with Node. */
  readonly image: string
  /** What the steps that move files run, packed by gzip, in base64. */
  readonly program: () => Promise<string>
  /** The files of a folder as one stream, for the step that waits for them. */
  readonly send: (
    folder: string,
    wanted: readonly TaskFiles[],
    run: string,
  ) => AsyncIterable<Uint8Array>
}

export interface FilesLook {
  /** For people. */
  readonly from: string
  readonly files: number
  readonly bytes: number
  /** Names what there is: another text as soon as any file is another. */
  readonly snapshot: string
  /** What the steps log in with; undefined when they need not. */
  readonly profile: string | undefined
}

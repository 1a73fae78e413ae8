import type { RunView } from "#core/view/statusTree"
import type {
  ColonyFile,
  ColonyLook,
  EventView,
  LogOptions,
  ObjectText,
  PlaceChange,
  PlaceInfo,
  PlaceState,
  RunChange,
  RunOptions,
  RunPrepared,
  RunStarted,
  RunWish,
  SpecSource,
} from "./protocol.ts"

/**
 * Where runs live, as those who look at it and ask things of it see it; runs go by their names. What
 * cannot be done fails with a UserError, what the place refuses with a ClusterError.
 */
export interface Place {
  readonly info: PlaceInfo

  /** Resolves with the first whole picture, however many ask for it. */
  start(): Promise<void>
  stop(): Promise<void>
  state(): PlaceState
  onChange(listener: (change: PlaceChange) => void): () => void
  /** True while a run needs this very process. */
  isBusy(): boolean

  /** The run as it was told last, and from there on each change of it; undefined: it is not there. */
  openRun(run: string, listener: (change: RunChange) => void): Promise<WatchedRun | undefined>
  prepareRun(
    spec: SpecSource,
    wishes: Partial<Pick<RunOptions, "name" | "until">>,
  ): Promise<RunPrepared>
  startRun(spec: SpecSource, options: RunOptions): Promise<RunStarted>
  wish(run: string, wish: RunWish): Promise<void>
  deleteRun(run: string): Promise<void>

  events(run: string): Promise<readonly EventView[]>
  readObject(kind: "Job" | "Pod", name: string): Promise<ObjectText | null>
  /** A fresh look at what is told of these (`Job/align.17`); null where no events are kept. */
  readEvents(about: readonly string[]): Promise<readonly EventView[] | null>
  /** What the steps of a run print; when followed, until the run is over. */
  copyLog(run: string, options: LogOptions, onLines: OnLines, signal: AbortSignal): Promise<void>

  /** What a Colonies server has beside its runs. */
  readonly colony?: Colony
}

export interface WatchedRun {
  readonly view: RunView
  readonly close: () => void
}

export interface LogSource {
  /** With the container's name where the pod has several. */
  readonly step: string
  readonly pod: string
  readonly container: string
  /** The lines say why there is no output. */
  readonly isNote?: true
}

export type OnLines = (source: LogSource, lines: readonly string[]) => void

/** Executors, functions and files of a colony. */
export interface Colony {
  look(): Promise<ColonyLook>
  files(label: string): Promise<readonly ColonyFile[]>
  /** Writes the file there, checked against its checksum. */
  download(file: Pick<ColonyFile, "label" | "name">, path: string): Promise<void>
  /** All of its revisions; what it is a copy of stays. */
  removeFile(file: Pick<ColonyFile, "label" | "name">): Promise<void>
}

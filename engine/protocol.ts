import type { RunView } from "#core/view/statusTree"

/** Which cluster and namespace somebody means; what is left out is the kubeconfig's own choice. */
export interface PlaceRequest {
  readonly kind: "kube"
  /** A path list as in KUBECONFIG; absent = the user's default kubeconfig. */
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
}

/** A place that was found and can be named before anything is created in it. */
export interface PlaceInfo {
  readonly id: string
  readonly kind: "kube"
  readonly kubeconfig: string
  readonly context: string
  readonly namespace: string
  readonly server: string
}

export interface SpecSource {
  readonly path: string
  readonly text: string
  /** Which document of the file, counted from zero. */
  readonly document: number
}

export interface RunPrepared {
  /** The name of the spec, or the next free one after it. */
  readonly name: string
  /** The number of Jobs as far as the text tells; `orMore` when some are only known later. */
  readonly jobs: number
  readonly orMore: boolean
}

export interface RunStarted {
  readonly name: string
}

export interface PlaceState {
  readonly place: PlaceInfo
  readonly runs: readonly RunView[]
  /** Why what is shown may be out of date, and since when (milliseconds since 1970). */
  readonly stale?: { readonly since: number; readonly message: string }
}

/** Everything one can ask the engine: method → what goes in and what comes out. */
export interface EngineRequests {
  "engine/hello": {
    params: { readonly version: string; readonly client: string }
    result: { readonly version: string; readonly pid: number; readonly handsOver: boolean }
  }
  "place/open": { params: PlaceRequest; result: PlaceState }
  "place/close": { params: { readonly place: string }; result: null }
  /** What would run, and where, before anything is created. */
  "run/prepare": {
    params: { readonly place: string; readonly spec: SpecSource }
    result: RunPrepared
  }
  "run/start": {
    params: { readonly place: string; readonly spec: SpecSource; readonly name: string }
    result: RunStarted
  }
  "log/open": {
    params: { readonly place: string; readonly run: string; readonly log: string }
    result: null
  }
  "log/close": { params: { readonly log: string }; result: null }
}

/** What the engine says by itself to those who opened a place or a log. */
export interface EngineNotifications {
  "place/changed": PlaceChange
  "log/text": LogText
  /** The run is over and everything it printed was sent. */
  "log/end": { readonly log: string }
}

export interface PlaceChange {
  readonly place: string
  /** Whole pictures of the runs that changed. */
  readonly runs: readonly RunView[]
  readonly removed: readonly string[]
  readonly stale?: PlaceState["stale"]
}

/** Lines of one step, complete and in order. */
export interface LogText {
  readonly log: string
  readonly step: string
  readonly lines: readonly string[]
}

/** The answer to a request that failed carries a sentence for the user. */
export const userErrorCode = -31_000

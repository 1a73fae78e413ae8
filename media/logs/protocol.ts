export interface LogsPanel {
  readonly subject: LogsSubject
  readonly toPage: LogsToPage
  readonly toHost: LogsToHost
}

export interface LogsSubject {
  readonly place: string
  readonly run: string
  /** Steps or tasks; none: all steps of the run. */
  readonly steps: readonly string[]
}

export type LogsToPage =
  | {
      readonly kind: "text"
      readonly step: string
      readonly pod: string
      readonly lines: readonly string[]
      /** When it began, where its lines come without times. */
      readonly since?: number
    }
  /** What was said so far is told anew. */
  | { readonly kind: "clear" }
  /** A copy of a pod that is gone, from when it was kept. */
  | { readonly kind: "kept"; readonly step: string; readonly pod: string; readonly at: number }
  | { readonly kind: "state"; readonly isLive: boolean; readonly nothing: string | null }
  | { readonly kind: "place"; readonly name: string; readonly stale: Stale | null }
  | { readonly kind: "trouble"; readonly sentence: string }

export interface Stale {
  readonly since: number
  readonly message: string
}

export type LogsToHost =
  | { readonly kind: "choose" }
  | { readonly kind: "openStep"; readonly step: string }
  | { readonly kind: "save"; readonly name: string; readonly content: string }

import type { GraphPanel } from "./graph/protocol.ts"
import type { LogsPanel } from "./logs/protocol.ts"
import type { SequencePanel } from "./sequence/protocol.ts"
import type { StepPanel } from "./step/protocol.ts"

/** Every kind of panel: what one of them is about, and what its page and its host say to each other. */
export interface Panels {
  readonly graph: GraphPanel
  readonly sequence: SequencePanel
  readonly step: StepPanel
  readonly logs: LogsPanel
}

export type PanelKind = keyof Panels
export type Subject<K extends PanelKind> = Panels[K]["subject"]
export type ToPage<K extends PanelKind> = Panels[K]["toPage"]
export type ToHost<K extends PanelKind> = Panels[K]["toHost"]

/** The page can be told things now; said again each time it was loaded anew. */
export interface PageReady {
  readonly kind: "ready"
}

/** What a page is given with its HTML, before anything is said. */
export interface PageData {
  readonly subject: unknown
  /** Translations by the English string, as vscode.l10n has them; empty: English. */
  readonly words: Readonly<Record<string, string>>
}

/** What a page keeps over a reload, and the host gets back after a restart of the window. */
export interface KeptState {
  readonly subject: unknown
  /** How it is looked at: the panel's own. */
  readonly view?: unknown
}

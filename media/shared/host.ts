import type {
  KeptState,
  PageData,
  PageReady,
  PanelKind,
  Subject,
  ToHost,
  ToPage,
} from "../protocol.ts"

/** The other end of a page: the extension, and what the editor keeps for the page. */
export interface Host<K extends PanelKind> {
  readonly subject: Subject<K>
  /** What `keep` was given last, also after a reload; the page looks at it before it trusts it. */
  readonly kept: unknown
  keep(view: unknown): void
  post(message: ToHost<K>): void
  /** Begins to listen and says that the page is ready. */
  listen(take: (message: ToPage<K>) => void): void
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  getState(): unknown
  setState(state: KeptState): void
}

/** Once in a page: the editor gives its interface only once. */
export function connectHost<K extends PanelKind>(data: PageData): Host<K> {
  const api = acquireVsCodeApi()
  // The host made the page for a subject of this kind.
  const subject = data.subject as Subject<K>
  const before = api.getState() as KeptState | undefined
  api.setState({ subject: data.subject, view: before?.view })
  return {
    subject,
    kept: before?.view,
    keep: (view) => api.setState({ subject: data.subject, view }),
    post: (message) => api.postMessage(message),
    listen(take) {
      addEventListener("message", (event: MessageEvent<ToPage<K>>) => take(event.data))
      const ready: PageReady = { kind: "ready" }
      api.postMessage(ready)
    },
  }
}

/** What the host wrote into the page's HTML. */
export function readPageData(): PageData {
  const written = document.documentElement.dataset.page
  return written === undefined ? { subject: null, words: {} } : (JSON.parse(written) as PageData)
}

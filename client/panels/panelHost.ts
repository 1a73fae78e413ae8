import {
  type Disposable,
  env as editor,
  l10n,
  Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
} from "vscode"
import type { KeptState, PanelKind, Subject, ToHost, ToPage } from "#media/protocol"
import { pageHtml } from "./pageHtml.ts"

/** What is special about a kind of panel. */
export interface PanelDefinition<K extends PanelKind> {
  readonly kind: K
  /** File in media/icons, drawn for both grounds. */
  readonly icon: string
  /** What an earlier window kept, or undefined where it is not what this kind is about. */
  readonly parse: (kept: unknown) => Subject<K> | undefined
  /** One panel for one key: who asks again sees the one that is there. */
  readonly key: (subject: Subject<K>) => string
  readonly title: (subject: Subject<K>) => string
  /** Begins to tell a page; disposed of with its panel. */
  readonly attach: (panel: OpenPanel<K>) => Attached<K>
}

/** A panel that is open, as its feeder sees it. */
export interface OpenPanel<K extends PanelKind> {
  readonly subject: Subject<K>
  readonly column: ViewColumn | undefined
  post(message: ToPage<K>): void
  setTitle(title: string): void
  close(): void
}

export interface Attached<K extends PanelKind> extends Disposable {
  /** The page was loaded, or loaded anew, and knows nothing yet. */
  ready(): void
  receive(message: ToHost<K>): void
}

/**
 * The panels of one kind. A page that is hidden is let go and made anew when it is looked at
 * again, with what it kept; a restart of the window brings panels back in the same way.
 */
export class PanelHost<K extends PanelKind> implements WebviewPanelSerializer, Disposable {
  readonly #definition: PanelDefinition<K>
  readonly #extension: Uri
  readonly #open = new Map<
    string,
    { readonly panel: WebviewPanel; readonly attached: Attached<K> }
  >()
  readonly #registration: Disposable

  constructor(extension: Uri, definition: PanelDefinition<K>) {
    this.#extension = extension
    this.#definition = definition
    this.#registration = window.registerWebviewPanelSerializer(this.#viewType, this)
  }

  get #viewType(): string {
    return `kubeExecutions.${this.#definition.kind}`
  }

  /** Shows the panel of this subject, and answers what feeds it. */
  show(subject: Subject<K>, column: ViewColumn = ViewColumn.Active, preserveFocus = false): void {
    const there = this.#open.get(this.#definition.key(subject))
    if (there) {
      there.panel.reveal(undefined, preserveFocus)
      return
    }
    const panel = window.createWebviewPanel(
      this.#viewType,
      this.#definition.title(subject),
      { viewColumn: column, preserveFocus },
      this.#options,
    )
    this.#fill(panel, subject)
  }

  /** Says something to the panels whose subject this is true of. */
  tell(isMeant: (subject: Subject<K>) => boolean, say: (panel: OpenPanel<K>) => void): void {
    for (const one of this.#panels) if (isMeant(one.subject)) say(one)
  }

  async deserializeWebviewPanel(panel: WebviewPanel, kept: KeptState | undefined): Promise<void> {
    const subject = this.#definition.parse(kept?.subject)
    if (subject === undefined || this.#open.has(this.#definition.key(subject))) {
      panel.dispose()
      return
    }
    panel.webview.options = this.#options
    panel.title = this.#definition.title(subject)
    this.#fill(panel, subject)
  }

  dispose(): void {
    this.#registration.dispose()
    for (const { panel } of [...this.#open.values()]) panel.dispose()
  }

  readonly #panels = new Set<OpenPanel<K>>()

  get #media(): Uri {
    return Uri.joinPath(this.#extension, "dist", "media")
  }

  get #options() {
    return { enableScripts: true, localResourceRoots: [this.#media] }
  }

  #fill(panel: WebviewPanel, subject: Subject<K>): void {
    const { kind, icon, key } = this.#definition
    const { webview } = panel
    const open: OpenPanel<K> = {
      subject,
      get column() {
        return panel.viewColumn
      },
      // A hidden page hears nothing; it is told everything when it says that it is ready.
      post: (message) => void webview.postMessage(message),
      setTitle: (title) => {
        panel.title = title
      },
      close: () => panel.dispose(),
    }
    const attached = this.#definition.attach(open)
    this.#open.set(key(subject), { panel, attached })
    this.#panels.add(open)
    const listener = webview.onDidReceiveMessage((message: unknown) => {
      if (!isMessage(message)) return
      if (message.kind === "ready") attached.ready()
      else attached.receive(message as ToHost<K>)
    })
    panel.onDidDispose(() => {
      listener.dispose()
      attached.dispose()
      this.#open.delete(key(subject))
      this.#panels.delete(open)
    })
    const file = (name: string) => webview.asWebviewUri(Uri.joinPath(this.#media, name)).toString()
    const iconOf = (ground: string) =>
      Uri.joinPath(this.#extension, "media", "icons", `${icon}-${ground}.svg`)
    panel.iconPath = { light: iconOf("light"), dark: iconOf("dark") }
    webview.html = pageHtml({
      title: panel.title,
      language: l10n.bundle ? editor.language : "en",
      script: file(`${kind}.js`),
      style: file(`${kind}.css`),
      source: webview.cspSource,
      data: { subject, words: wordsOf(l10n.bundle) },
    })
  }
}

function isMessage(message: unknown): message is { readonly kind: string } {
  return (
    typeof message === "object" &&
    message !== null &&
    "kind" in message &&
    typeof message.kind === "string"
  )
}

function wordsOf(bundle: typeof l10n.bundle): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(bundle ?? {}).map(([message, said]) => [
      message,
      typeof said === "string" ? said : (said as { readonly message: string }).message,
    ]),
  )
}

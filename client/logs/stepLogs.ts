import {
  type Disposable,
  EventEmitter,
  FoldingRange,
  l10n,
  languages,
  Position,
  Range,
  Selection,
  type TextDocument,
  type TextEditor,
  type Uri,
  window,
  workspace,
} from "vscode"
import { type LogDocument, type LogPart, LogTail, logDocument } from "#core/view/logDocument"
import type { LogText } from "#engine/protocol"
import type { RunStore } from "../runs/runStore.ts"
import { AnsiColors } from "./ansiColors.ts"
import type { KeptLog, KeptLogs } from "./keptLogs.ts"
import { addressOfLog, type LogAddress, logScheme, uriOfLog } from "./logAddress.ts"
import type { LogSubject } from "./logSubject.ts"
import { podSubject } from "./podSubject.ts"
import { stepSubject } from "./stepSubject.ts"

/** Of one container; what is older is dropped. */
const mostCharacters = 5 * 1024 * 1024
const leastPauseMs = 200

/** The logs of steps, and of pods of no run, as read-only documents: in colour, foldable, growing. */
export class StepLogs implements Disposable {
  readonly #runs: RunStore
  readonly #kept: KeptLogs
  readonly #opened = new Map<string, StepLog>()
  readonly #colors = new AnsiColors()
  readonly #changed = new EventEmitter<Uri>()
  readonly #disposables: readonly Disposable[]

  constructor(runs: RunStore, kept: KeptLogs) {
    this.#runs = runs
    this.#kept = kept
    const ofOurs = (editor: TextEditor | undefined) => {
      if (editor?.document.uri.scheme === logScheme) this.#paint(editor)
    }
    this.#disposables = [
      this.#changed,
      this.#colors,
      workspace.registerTextDocumentContentProvider(logScheme, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: (uri) => this.#open(uri).document.text,
      }),
      languages.registerFoldingRangeProvider(
        { scheme: logScheme },
        {
          provideFoldingRanges: ({ uri }) =>
            this.#opened
              .get(uri.toString())
              ?.document.folds.map(({ start, end }) => new FoldingRange(start, end)),
        },
      ),
      runs.onLogText((text) => this.#opened.get(text.log)?.take(text)),
      runs.onLogEnd((log) => this.#opened.get(log)?.end()),
      workspace.onDidOpenTextDocument((document) => this.#catchUp(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#close(uri)),
      workspace.onDidChangeTextDocument(({ document }) => this.#follow(document)),
      window.onDidChangeActiveTextEditor(ofOurs),
      window.onDidChangeVisibleTextEditors((editors) => editors.forEach(ofOurs)),
    ]
  }

  async show(address: LogAddress): Promise<void> {
    const uri = uriOfLog(address)
    const document = await workspace.openTextDocument(uri)
    const editor = await window.showTextDocument(document, { preview: true })
    editor.revealRange(endOf(document))
    const { start } = endOf(document)
    editor.selection = new Selection(start, start)
    this.#paint(editor)
  }

  /** The log that the active editor shows, as it was printed. */
  get active(): { readonly name: string; readonly text: string } | undefined {
    const uri = window.activeTextEditor?.document.uri
    const log = uri && this.#opened.get(uri.toString())
    return log && { name: log.fileName, text: log.document.text }
  }

  dispose(): void {
    for (const one of [...this.#disposables, ...this.#opened.values()]) one.dispose()
  }

  #open(uri: Uri): StepLog {
    const id = uri.toString()
    const known = this.#opened.get(id)
    if (known) return known
    const log = new StepLog(addressOfLog(uri), id, this.#runs, this.#kept, () =>
      this.#changed.fire(uri),
    )
    this.#opened.set(id, log)
    return log
  }

  /** What changed before the editor had the document was told to nobody. */
  #catchUp({ uri, getText }: TextDocument): void {
    if (uri.scheme !== logScheme) return
    const log = this.#opened.get(uri.toString())
    if (log && log.document.text !== getText()) this.#changed.fire(uri)
  }

  #close(uri: Uri): void {
    this.#opened.get(uri.toString())?.dispose()
    this.#opened.delete(uri.toString())
  }

  #paint(editor: TextEditor): void {
    const log = this.#opened.get(editor.document.uri.toString())
    if (log) this.#colors.paint(editor, log.document.colors)
  }

  /** Goes with the end, unless somebody looks elsewhere or selected something. */
  #follow(document: TextDocument): void {
    if (document.uri.scheme !== logScheme) return
    for (const editor of window.visibleTextEditors) {
      if (editor.document !== document) continue
      this.#paint(editor)
      const log = this.#opened.get(document.uri.toString())
      const seen = editor.visibleRanges.at(-1)?.end.line ?? 0
      const wasAtEnd = seen >= (log?.linesBefore ?? 0) - 2
      if (wasAtEnd && editor.selection.isEmpty) editor.revealRange(endOf(document))
    }
  }
}

/** One open document: what the engine tells, and what is kept of pods that are gone. */
class StepLog implements Disposable {
  readonly #address: LogAddress
  readonly #id: string
  readonly #runs: RunStore
  readonly #keptLogs: KeptLogs
  readonly #onChange: () => void
  readonly #subject: LogSubject
  readonly #tails = new Map<string, LogTail>()
  readonly #listener: Disposable
  #kept: readonly KeptLog[] = []
  #isOver = false
  #error: string | undefined
  #document: LogDocument
  #timer: NodeJS.Timeout | undefined
  #pause = leastPauseMs
  linesBefore = 0

  constructor(
    address: LogAddress,
    id: string,
    runs: RunStore,
    kept: KeptLogs,
    onChange: () => void,
  ) {
    this.#address = address
    this.#id = id
    this.#runs = runs
    this.#keptLogs = kept
    this.#onChange = onChange
    const drawSoon = () => this.#drawSoon()
    this.#subject =
      "run" in address ? stepSubject(address, runs, drawSoon) : podSubject(address, runs, drawSoon)
    this.#document = logDocument([
      { title: l10n.t("reading the log of {0}", this.#subject.name), lines: [] },
    ])
    // A new engine tells all of it anew.
    this.#listener = runs.onDidReopen((place) => {
      if (place !== address.place) return
      this.#tails.clear()
      this.#isOver = false
      this.#begin()
    })
    this.#begin()
  }

  get fileName(): string {
    return this.#subject.fileName
  }

  get document(): LogDocument {
    return this.#document
  }

  take(text: LogText): void {
    const { pod, container, lines, isNote } = text
    const id = `${pod}/${container}`
    // A copy says more than that there is nothing to be read any more.
    if (isNote && this.#isKept(pod, container)) return
    const known = this.#tails.get(id)
    const tail = known ?? new LogTail(mostCharacters)
    this.#tails.set(id, tail)
    tail.add(lines)
    // Of one container only what it printed last is kept.
    if (!this.#address.previous) {
      this.#keptLogs.keep(this.#subject.keptRun(), text, !known).catch(() => {})
    }
    this.#drawSoon()
  }

  end(): void {
    this.#isOver = true
    this.#drawSoon()
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#listener.dispose()
    this.#subject.dispose()
    this.#runs.call("log/close", { log: this.#id }).catch(() => {})
  }

  #begin(): void {
    this.#error = undefined
    this.#ask().catch((error: unknown) => {
      this.#error = error instanceof Error ? error.message : String(error)
      this.#drawSoon()
    })
  }

  async #ask(): Promise<void> {
    const { place, previous = false } = this.#address
    const { known, name, whose, options } = this.#subject
    await known
    if (!previous) this.#kept = await this.#keptLogs.of(this.#subject.keptRun(), name)
    this.#drawSoon()
    const wishes = { ...options, follow: !previous, previous }
    await this.#runs.call("log/open", { place, log: this.#id, ...whose, options: wishes })
  }

  /** Long logs are drawn anew less often: each time the whole text goes to the editor. */
  #drawSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const began = performance.now()
      const next = logDocument(this.#parts())
      this.linesBefore = this.#document.text.split("\n").length
      const isOther = next.text !== this.#document.text
      this.#document = next
      this.#pause = Math.max(leastPauseMs, (performance.now() - began) * 20)
      if (isOther) this.#onChange()
    }, this.#pause)
  }

  #parts(): readonly LogPart[] {
    const parts: LogPart[] = []
    const pods = new Set<string>()
    for (const { pod, title } of this.#subject.pods()) {
      pods.add(pod)
      parts.push(...this.#partsOf(pod, title))
    }
    const others = [...this.#tails.keys()].filter((id) => !pods.has(id.split("/")[0] ?? ""))
    for (const id of others) parts.push(this.#part(id, l10n.t("pod {0}", id)))
    // As long as its pod is there the output itself is on its way.
    const gone = this.#kept.filter(({ pod, container }) => {
      return (!pods.has(pod) || this.#isOver) && !this.#tails.has(`${pod}/${container}`)
    })
    const keptParts = gone.map(({ pod, at, text }) => ({
      title: l10n.t("kept copy of {0}, the pod {1} is gone", new Date(at).toLocaleString(), pod),
      lines: text.replace(/\n$/, "").split("\n"),
    }))
    const all = [...keptParts, ...parts]
    return all.some(({ lines }) => lines.length > 0) ? all : [...all, this.#nothing()]
  }

  #partsOf(pod: string, title: string): readonly LogPart[] {
    const ids = [...this.#tails.keys()].filter((id) => id.startsWith(`${pod}/`))
    return ids.map((id) => {
      const container = id.slice(pod.length + 1)
      const named = ids.length > 1 ? l10n.t(", container {0}", container) : ""
      return this.#part(id, `${title}${named}`)
    })
  }

  #part(id: string, title: string): LogPart {
    const tail = this.#tails.get(id)
    const dropped = tail?.dropped ?? 0
    const cut = l10n.t("the first {0} MB were dropped here", (dropped / 1024 / 1024).toFixed(1))
    return { title: dropped > 0 ? `${title}; ${cut}` : title, lines: tail?.lines ?? [] }
  }

  #isKept(pod: string, container: string): boolean {
    return this.#kept.some((one) => one.pod === pod && one.container === container)
  }

  #nothing(): LogPart {
    return { title: this.#error ?? this.#subject.nothing(this.#isOver), lines: [] }
  }
}

function endOf(document: TextDocument): Range {
  const end = new Position(document.lineCount - 1, 0)
  return new Range(end, end)
}

import { basename } from "node:path"
import {
  type Disposable,
  EventEmitter,
  l10n,
  Range,
  Selection,
  type TextDocumentContentProvider,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode"
import { type PlanParams, type PlanResult, planRequest } from "#server/protocol"
import type { LanguageServer } from "../languageServer.ts"
import type { SpecTarget } from "../run/runnable.ts"
import { type SpecPictures, taskAt } from "../specPictures.ts"

const scheme = "kube-executions-plan"

/** What the plan is made with, besides the text. */
export type PlanSupplies = Pick<PlanParams, "namespace" | "inputs" | "tools">

interface PlanDocument {
  readonly source: Uri
  readonly index: number
  readonly supplies: PlanSupplies
  /** The one that is shown; undefined while an older one stands in. */
  plan: Extract<PlanResult, { readonly kind: "plan" }> | undefined
  lastText: string
  timer: NodeJS.Timeout | undefined
}

/**
 * The Jobs of a workflow as a read-only document beside it. It follows the text; where that cannot be
 * planned the last plan stays, with the reason above it. A Job and its task are selected together.
 */
export class PlanDocuments implements TextDocumentContentProvider, Disposable {
  readonly #language: LanguageServer
  readonly #pictures: SpecPictures
  readonly #changed = new EventEmitter<Uri>()
  readonly #open = new Map<string, PlanDocument>()
  readonly #supplies: (target: SpecTarget) => Promise<PlanSupplies>
  readonly #listeners: readonly Disposable[]

  readonly onDidChange = this.#changed.event

  constructor(
    language: LanguageServer,
    pictures: SpecPictures,
    supplies: (target: SpecTarget) => Promise<PlanSupplies>,
  ) {
    this.#language = language
    this.#pictures = pictures
    this.#supplies = supplies
    this.#listeners = [
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidChangeTextDocument(({ document }) => this.#follow(document.uri)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#open.delete(uri.toString())),
      window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        if (textEditor === window.activeTextEditor && selections[0]) {
          this.#selectTwin(textEditor, selections[0].active.line)
        }
      }),
    ]
  }

  async show(target: SpecTarget): Promise<void> {
    const { document, index } = target
    const name = basename(document.uri.path).replace(/\.[^.]*$/, "")
    const part = index === 0 ? "" : `-${index + 1}`
    const query = JSON.stringify([document.uri.toString(), index])
    const uri = Uri.from({ scheme, path: `/${name}${part}.plan.yaml`, query })
    const supplies = await this.#supplies(target)
    const entry: PlanDocument = {
      source: document.uri,
      index,
      supplies,
      plan: undefined,
      lastText: "",
      timer: undefined,
    }
    const isOpen = this.#open.has(uri.toString())
    this.#open.set(uri.toString(), entry)
    if (isOpen) this.#changed.fire(uri)
    const plan = await workspace.openTextDocument(uri)
    await window.showTextDocument(plan, {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    })
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const entry = this.#open.get(uri.toString()) ?? this.#restored(uri)
    if (!entry) return ""
    // After a reload the source may not be open yet; the server knows open files only.
    const source = await workspace.openTextDocument(entry.source)
    const params: PlanParams = {
      uri: source.uri.toString(),
      index: entry.index,
      ...entry.supplies,
    }
    const result = await this.#language.request<PlanResult>(planRequest, params)
    if (result?.kind === "plan") {
      entry.plan = result
      entry.lastText = result.text
      return result.text
    }
    // Its lines are not where they were, so nothing is selected together.
    entry.plan = undefined
    const why = result?.reason ?? l10n.t("There is no such workflow in the file any more.")
    const note = entry.lastText
      ? l10n.t("As of the last good text. {why}", { why })
      : l10n.t("There is no plan yet. {why}", { why })
    return `# ${note.replaceAll("\n", " ")}\n${entry.lastText}`
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose()
    for (const { timer } of this.#open.values()) clearTimeout(timer)
    this.#changed.dispose()
  }

  /** A document that the window brought back. */
  #restored(uri: Uri): PlanDocument | undefined {
    try {
      const [source, index] = JSON.parse(uri.query)
      const entry: PlanDocument = {
        source: Uri.parse(String(source)),
        index: Number(index),
        supplies: {},
        plan: undefined,
        lastText: "",
        timer: undefined,
      }
      this.#open.set(uri.toString(), entry)
      return entry
    } catch {
      return undefined
    }
  }

  #follow(source: Uri): void {
    for (const [id, entry] of this.#open) {
      if (entry.source.toString() !== source.toString()) continue
      clearTimeout(entry.timer)
      entry.timer = setTimeout(() => this.#changed.fire(Uri.parse(id)), followMs)
    }
  }

  #selectTwin(editor: TextEditor, line: number): void {
    const id = editor.document.uri.toString()
    const own = this.#open.get(id)
    if (own) this.#selectTask(own, line)
    else {
      for (const [plan, entry] of this.#open) {
        if (entry.source.toString() === id) this.#selectJob(plan, entry, line)
      }
    }
  }

  #selectTask({ source, index, plan }: PlanDocument, line: number): void {
    const job = plan?.jobs.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine)
    const workflow = this.#pictures.last(source)?.workflows[index]
    const task = workflow?.tasks.find(({ name }) => name === job?.task)
    if (task) selectLines(source.toString(), task.nameLine, task.nameLine)
  }

  #selectJob(id: string, { source, index, plan }: PlanDocument, line: number): void {
    const workflow = this.#pictures.last(source)?.workflows[index]
    const task = workflow && taskAt(workflow, line)
    const jobs = plan?.jobs.filter((job) => job.task === task?.name) ?? []
    const [first, last] = [jobs[0], jobs.at(-1)]
    if (first && last) selectLines(id, first.firstLine, last.lastLine)
  }
}

/** A pause of a person who types. */
const followMs = 300

/** Selects in an editor that is in sight and does not have the cursor. */
function selectLines(id: string, first: number, last: number): void {
  for (const editor of window.visibleTextEditors) {
    if (editor === window.activeTextEditor || editor.document.uri.toString() !== id) continue
    const { document } = editor
    const end = document.lineAt(Math.min(last, document.lineCount - 1)).range.end
    const range = document.validateRange(new Range(first, 0, end.line, end.character))
    if (editor.selection.isEqual(range)) continue
    editor.selection = new Selection(range.start, range.end)
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport)
  }
}

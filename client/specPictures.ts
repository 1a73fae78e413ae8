import { type Disposable, EventEmitter, type TextDocument, type Uri, workspace } from "vscode"
import {
  type SpecParams,
  type SpecPicture,
  type SpecResult,
  specRequest,
  type WorkflowPicture,
} from "#server/protocol"
import type { LanguageServer } from "./languageServer.ts"

/** What the language server sees in each open spec: where its tasks stand, and what is wrong. */
export class SpecPictures implements Disposable {
  readonly #language: LanguageServer
  readonly #known = new Map<string, SpecPicture>()
  readonly #asked = new Map<string, Promise<SpecPicture | undefined>>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #changed = new EventEmitter<Uri>()
  readonly #listeners: readonly Disposable[]

  /** The picture of a file that somebody asked for before has changed. */
  readonly onDidChange = this.#changed.event

  constructor(language: LanguageServer) {
    this.#language = language
    this.#listeners = [
      workspace.onDidChangeTextDocument(({ document }) => this.#lookSoon(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString())),
    ]
  }

  /** The picture of the text as it is now. */
  async of(document: TextDocument): Promise<SpecPicture | undefined> {
    const id = document.uri.toString()
    const known = this.#known.get(id)
    if (known?.version === document.version) return known
    const key = `${id} ${document.version}`
    const asked = this.#asked.get(key) ?? this.#ask(id)
    this.#asked.set(key, asked)
    try {
      return await asked
    } finally {
      this.#asked.delete(key)
    }
  }

  /** The last one known, for whoever cannot wait. */
  last(uri: Uri): SpecPicture | undefined {
    return this.#known.get(uri.toString())
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#changed.dispose()
  }

  async #ask(uri: string): Promise<SpecPicture | undefined> {
    const params: SpecParams = { uri }
    const picture = await this.#language.request<SpecResult>(specRequest, params)
    if (!picture) return undefined
    this.#known.set(uri, picture)
    return picture
  }

  #lookSoon(document: TextDocument): void {
    const id = document.uri.toString()
    if (!this.#known.has(id)) return
    clearTimeout(this.#timers.get(id))
    const look = async () => {
      this.#timers.delete(id)
      await this.of(document)
      this.#changed.fire(document.uri)
    }
    this.#timers.set(
      id,
      setTimeout(() => void look().catch(() => {}), soonMs),
    )
  }

  #forget(id: string): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.#known.delete(id)
  }
}

/** Long enough that a person has paused, short enough that it seems at once. */
const soonMs = 200

/** The workflow of the file that a line belongs to. */
export function workflowAt(picture: SpecPicture, line: number): number {
  const at = picture.workflows.findLastIndex(({ firstLine }) => firstLine <= line)
  return Math.max(0, at)
}

/** The task that a line belongs to. */
export function taskAt(workflow: WorkflowPicture, line: number) {
  return workflow.tasks.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine)
}

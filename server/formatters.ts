import {
  type ClientCapabilities,
  type Connection,
  type Disposable,
  DocumentFormattingRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
} from "vscode-languageserver"
import type { OpenFile } from "./openFile.ts"

const onType = { firstTriggerCharacter: "\n" }

/** For a client that takes formatters once and for all. */
export const formattingCapabilities = {
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: onType,
}

/**
 * Offers to lay out specs and nothing else: an editor asks its user which of two formatters to take,
 * and of all YAML files most are not ours. JSON is left to the editor's own.
 */
export class Formatters {
  readonly #connection: Connection
  #isDynamic = false
  readonly #languages = new Map<string, string>()
  readonly #offered = new Map<string, Promise<Disposable>>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Whether the client can be offered a formatter for single files. */
  get isDynamic(): boolean {
    return this.#isDynamic
  }

  ask({ textDocument }: ClientCapabilities): void {
    this.#isDynamic = textDocument?.formatting?.dynamicRegistration === true
  }

  note(uri: string, language: string): void {
    this.#languages.set(uri, language)
  }

  /** The file was read: it is one of ours, or is not any more. */
  tell(uri: string, { spec }: OpenFile): void {
    const isOurs = [...spec.standing()].some(({ document }) => document.dialect !== undefined)
    const language = this.#languages.get(uri)
    if (!this.#isDynamic || language !== "yaml") return
    if (!isOurs) this.#withdraw(uri)
    else if (!this.#offered.has(uri)) {
      // A client that does not want it goes without.
      const refused = () => ({ dispose: () => undefined })
      this.#offered.set(uri, this.#offer(uri, language).catch(refused))
    }
  }

  forget(uri: string): void {
    this.#languages.delete(uri)
    this.#withdraw(uri)
  }

  #withdraw(uri: string): void {
    const offered = this.#offered.get(uri)
    this.#offered.delete(uri)
    void offered?.then((one) => one.dispose())
  }

  async #offer(uri: string, language: string): Promise<Disposable> {
    // In a pattern these signs would stand for others.
    const pattern = decodeURIComponent(new URL(uri).pathname)
      .replace(/^\/(?=[a-z]:)/i, "")
      .replace(/[[\]{}*?]/g, "?")
    const documentSelector = [{ language, pattern }]
    const offered = await Promise.all([
      this.#connection.client.register(DocumentFormattingRequest.type, { documentSelector }),
      this.#connection.client.register(DocumentRangeFormattingRequest.type, { documentSelector }),
      this.#connection.client.register(DocumentOnTypeFormattingRequest.type, {
        documentSelector,
        ...onType,
      }),
    ])
    return { dispose: () => offered.forEach((one) => void one.dispose()) }
  }
}

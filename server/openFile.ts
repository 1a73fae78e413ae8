import type { TextDocumentContentChangeEvent } from "vscode-languageserver"
import { SpecFile } from "#core/spec/specFile"
import type { Runtime } from "./server.ts"

interface Surroundings {
  readonly runtime: Runtime
  /** Runs work in which a bug takes nothing else down. */
  readonly guard: (what: string, work: () => void) => void
  /** The file was read to its end. */
  readonly onRead: () => void
}

/**
 * A file the client has open. It is read in slices: between two of them newer text and questions
 * are looked at, and what they change is read in the next.
 */
export class OpenFile {
  readonly spec: SpecFile
  version: number
  readonly #around: Surroundings
  #isReading = false
  #isClosed = false
  #crashes = 0
  #waiting: (() => void)[] = []

  constructor(text: string, uri: string, version: number, around: Surroundings) {
    this.spec = new SpecFile(text, uri)
    this.version = version
    this.#around = around
  }

  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    this.version = version
    for (const change of changes) {
      if ("range" in change) this.spec.edit(change.range.start, change.range.end, change.text)
      else this.spec.replace(change.text)
    }
    if (!this.#isReading) this.read()
  }

  /** Reads a slice now and, if that was not all, the next soon. */
  read(): void {
    const { runtime, guard, onRead } = this.#around
    const deadline = runtime.now() + slice
    let isDone = this.#isClosed || ++this.#crashes > mostCrashes
    guard("read", () => {
      isDone ||= this.spec.work(() => runtime.now() > deadline)
      this.#crashes--
    })
    this.#isReading = !isDone
    if (!isDone) {
      runtime.soon(() => this.read())
      return
    }
    if (!this.#isClosed) onRead()
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }

  whenRead(): Promise<void> | undefined {
    return this.#isReading ? new Promise((resolve) => this.#waiting.push(resolve)) : undefined
  }

  close(): void {
    this.#isClosed = true
  }
}

/** A file that wakes more bugs than this is answered as far as it was read. */
const mostCrashes = 100

/** Milliseconds of reading before newer text is looked for. */
const slice = 25

import { pause } from "../pause.ts"
import { type LogNote, type Positions, takenWith } from "./logNote.ts"
import { type LogPiece, type LogPosition, mostAtOnce } from "./logPosition.ts"

/** Messages follow each other at this distance, or as soon as one is full. */
const betweenMs = 250
const full = 256 * 1024
/** What is not sent yet keeps the readers waiting. */
const mostWaiting = 2 * mostAtOnce

export interface LogSink {
  readonly messages: number
  send(message: string): Promise<void>
}

/**
 * Brings the output of all containers into the process's log: whole lines, each once, in the order of
 * their container. Of what was written down before a message the next executor learns where to go on.
 */
export class LogSender {
  readonly #log: LogSink
  readonly #note: (note: LogNote) => Promise<void>
  readonly #taken: Map<string, LogPosition>
  readonly #signal: AbortSignal
  #waiting: { readonly key: string; readonly piece: LogPiece }[] = []
  #length = 0
  #isClosing = false
  #arrived: PromiseWithResolvers<void> = Promise.withResolvers()
  #room: PromiseWithResolvers<void> = Promise.withResolvers()
  readonly #work: Promise<void>

  constructor(setting: {
    readonly log: LogSink
    readonly note: (note: LogNote) => Promise<void>
    readonly signal: AbortSignal
    /** What an earlier executor has written down, if any. */
    readonly earlier: LogNote | undefined
  }) {
    const { log, note, signal, earlier } = setting
    this.#log = log
    this.#note = note
    this.#signal = signal
    this.#taken = new Map(earlier && takenWith(earlier, log.messages))
    signal.addEventListener("abort", () => this.#wake(), { once: true })
    this.#work = this.#run()
    // Its failure is told to whoever adds or closes.
    this.#work.catch(() => {})
  }

  /** How far a container's log was taken. */
  position(key: string): LogPosition | undefined {
    return this.#taken.get(key)
  }

  /** Resolves when there is room for more. */
  async add(key: string, piece: LogPiece): Promise<void> {
    this.#waiting.push({ key, piece })
    this.#length += piece.text.length
    this.#arrived.resolve()
    while (this.#length > mostWaiting) {
      await Promise.race([this.#work, this.#room.promise])
      this.#signal.throwIfAborted()
    }
  }

  /** Resolves when everything has been sent. */
  close(): Promise<void> {
    this.#isClosing = true
    this.#wake()
    return this.#work
  }

  async #run(): Promise<void> {
    for (;;) {
      while (this.#waiting.length === 0) {
        if (this.#isClosing) return
        this.#arrived = Promise.withResolvers()
        await this.#arrived.promise
        this.#signal.throwIfAborted()
      }
      if (this.#length < full && !this.#isClosing) await this.#gather()
      await this.#sendSome()
    }
  }

  async #gather(): Promise<void> {
    const over = new AbortController()
    const timer = pause(betweenMs, AbortSignal.any([this.#signal, over.signal])).catch(() => {})
    while (this.#length < full && !this.#isClosing) {
      this.#arrived = Promise.withResolvers()
      const isTime = await Promise.race([
        timer.then(() => true),
        this.#arrived.promise.then(() => false),
      ])
      this.#signal.throwIfAborted()
      if (isTime) break
    }
    over.abort()
  }

  async #sendSome(): Promise<void> {
    let count = 0
    let length = 0
    const next = new Map<string, LogPosition>()
    for (const { key, piece } of this.#waiting) {
      if (count > 0 && length + piece.text.length > mostAtOnce) break
      count += 1
      length += piece.text.length
      next.set(key, piece.position)
    }
    const text = this.#waiting
      .slice(0, count)
      .map(({ piece }) => piece.text)
      .join("")
    await this.#note({ before: this.#log.messages, taken: this.#copyOfTaken(), next })
    await this.#log.send(text)
    for (const [key, position] of next) this.#taken.set(key, position)
    this.#waiting = this.#waiting.slice(count)
    this.#length -= length
    const room = this.#room
    this.#room = Promise.withResolvers()
    room.resolve()
  }

  #copyOfTaken(): Positions {
    return new Map(this.#taken)
  }

  #wake(): void {
    this.#arrived.resolve()
  }
}

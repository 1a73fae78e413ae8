import { ColonyError } from "../client/colonyError.ts"
import { readLog } from "../client/readLog.ts"
import type { ColoniesServer } from "../client/server.ts"
import { pause } from "../pause.ts"
import { LeaseLost } from "./leaseLost.ts"

const againMs = 1_000

/**
 * The messages of one process at the server. A message that may or may not have arrived is looked
 * for before it is sent again, so each is there once.
 */
export class ProcessLog {
  readonly #server: ColoniesServer
  readonly #colony: string
  readonly #processId: string
  readonly #signal: AbortSignal
  /** Messages that the server is known to have, up to the time of the last one that was read. */
  #messages = 0
  #since = 0n
  /** Sent after that time, and answered. */
  #answered = 0

  constructor(server: ColoniesServer, colony: string, processId: string, signal: AbortSignal) {
    this.#server = server
    this.#colony = colony
    this.#processId = processId
    this.#signal = signal
  }

  /** How many messages there are; nobody but the holder of a process adds any. */
  get messages(): number {
    return this.#messages + this.#answered
  }

  /** Reads how many there are. */
  async count(): Promise<number> {
    for (;;) {
      try {
        await this.#read()
        return this.messages
      } catch (error) {
        await this.#waitAfter(error)
      }
    }
  }

  /** Resolves once the server has the message; fails when the process is no longer ours. */
  async send(message: string): Promise<void> {
    const before = this.messages
    while (this.messages === before) {
      try {
        await this.#server.call(
          "addlogmsg",
          { processid: this.#processId, message },
          { signal: this.#signal },
        )
        this.#answered += 1
      } catch (error) {
        await this.#waitAfter(error)
        await this.count()
      }
    }
  }

  async #read(): Promise<void> {
    let seen = 0
    let since = this.#since
    const entries = readLog(this.#server, this.#colony, this.#processId, since, this.#signal)
    for await (const { timestamp } of entries) {
      seen += 1
      since = BigInt(timestamp)
    }
    this.#messages += seen
    this.#answered = 0
    this.#since = since
  }

  async #waitAfter(error: unknown): Promise<void> {
    this.#signal.throwIfAborted()
    if (!(error instanceof ColonyError)) throw error
    switch (error.kind) {
      case "offline":
      case "busy":
      case "server":
        await pause(againMs, this.#signal)
        return
      case "forbidden":
      case "not-found":
        throw new LeaseLost("lost")
      default:
        throw error
    }
  }
}

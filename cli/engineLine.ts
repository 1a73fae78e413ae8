import type { Call, EngineConnection } from "#engine/engineClient"
import type { Io } from "./io.ts"
import { Refusal } from "./refusal.ts"
import { visible } from "./words.ts"

/** Kubeconfigs can name servers that never answer and login programs that never end. */
export const answerLimitMs = 30_000

/** The engine, for one command. What it refuses and what goes wrong on the way are Refusals. */
export interface EngineLine {
  readonly call: Call
  readonly onNotification: EngineConnection["onNotification"]
  /** As `call`, for what depends on how fast a cluster answers that we know nothing about yet. */
  readonly callInTime: Call
  /** Rejects when the engine goes away; never resolves. */
  readonly gone: Promise<never>
}

/** The engine's process ended, or makes way for a newer one. */
export class EngineGone extends Refusal {
  constructor() {
    super("The engine of this machine ended. Type the command again.")
  }
}

/** Connects, works and hangs up, whatever happens. */
export async function withEngine<T>(io: Io, work: (engine: EngineLine) => Promise<T>): Promise<T> {
  const connecting = io.connectEngine()
  const connection = await inTime(
    io,
    connecting,
    "The engine of this machine does not answer. End its process, then try again.",
  ).catch((error: unknown) => {
    connecting.then(
      (late) => late.close(),
      () => {},
    )
    throw refusalOf(error)
  })
  try {
    return await work(engineLine(connection, io))
  } finally {
    connection.close()
  }
}

function engineLine(connection: EngineConnection, io: Io): EngineLine {
  const gone = new Promise<never>((_resolve, reject) => {
    connection.onClose(() => reject(new EngineGone()))
  })
  gone.catch(() => {})
  const call: Call = (method, params) =>
    Promise.race([connection.call(method, params), gone]).catch((error: unknown) => {
      throw refusalOf(error)
    })
  return {
    call,
    onNotification: connection.onNotification,
    callInTime: (method, params) => inTime(io, call(method, params), tooSlow(params)),
    gone,
  }
}

function tooSlow(params: object): string {
  const late = `did not answer within ${answerLimitMs / 1000} s`
  return "kind" in params && params.kind === "colonies"
    ? `The Colonies server ${late}: it is slow or cannot be reached.`
    : `The cluster ${late}: its server is slow or cannot be reached, or the login program of the kubeconfig does not end.`
}

function inTime<T>(io: Io, work: Promise<T>, sentence: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = io.after(answerLimitMs, () => reject(new Refusal(sentence)))
    work.then(resolve, reject).finally(callOff)
  })
}

/** The engine's sentences are for people already; a fault of ours in the engine is named as such. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const sentence = error instanceof Error ? error.message : String(error)
  // What servers and login programs say may have several lines.
  return new Refusal(visible(sentence.replace(/\s*\n\s*/g, " ").trim()))
}

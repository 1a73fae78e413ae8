import { ClusterError } from "#engine/clusterError"
import { pause } from "../pause.ts"
import { type LogPiece, type LogPosition, LogReader, sinceTime } from "./logPosition.ts"

const againMs = 500
/** A node that is gone with its logs is not waited for, once its pod is known to have ended. */
const mostTriesAfterEnd = 60

export interface LoggedContainer {
  /** Opens the log with its times. */
  readonly open: (since: string | undefined) => Promise<AsyncIterable<string>>
  readonly hasEnded: () => boolean
  /** How far the log was taken, by an executor before us too. */
  readonly position: () => LogPosition | undefined
  readonly add: (piece: LogPiece) => Promise<void>
  /** Called when the end of the log cannot be had. */
  readonly onLost: (why: string) => void
}

/**
 * Follows one container's log to its end, whatever cuts the connection. It was read to its end when a
 * request that was made after the container had ended brought nothing new, or when the pod is gone.
 */
export async function containerLog(container: LoggedContainer, signal: AbortSignal): Promise<void> {
  let reached = container.position()
  const give = async (pieces: Iterable<LogPiece>) => {
    for (const piece of pieces) {
      reached = piece.position
      await container.add(piece)
    }
  }
  let triesAfterEnd = 0
  for (;;) {
    const isLast = container.hasEnded()
    const reader = new LogReader(reached)
    try {
      for await (const chunk of await container.open(reached && sinceTime(reached))) {
        signal.throwIfAborted()
        await give(reader.take(chunk))
      }
      if (isLast) {
        await give(reader.finish())
        return
      }
    } catch (error) {
      signal.throwIfAborted()
      // A log that is rotated away or a pod that is deleted has no more to say.
      if (error instanceof ClusterError && error.kind === "not-found") return
      if (isOurs(error)) throw error
      if (isLast) triesAfterEnd += 1
      if (triesAfterEnd > mostTriesAfterEnd) {
        container.onLost(error instanceof Error ? error.message : String(error))
        return
      }
    }
    await pause(againMs, signal)
  }
}

/** What the cluster or the network refuses may pass; a right that is missing and mistakes of ours do not. */
function isOurs(error: unknown): boolean {
  if (error instanceof ClusterError) return error.kind === "forbidden"
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return !(typeof code === "string" && /^(UND_ERR|ECONN|EPIPE|ETIMEDOUT)/.test(code))
}

import type { MessageEvent, WebSocket } from "undici"
import { objectOf, textOf } from "#core/plan/json"
import { ClusterError } from "../clusterError.ts"

/** Kubernetes puts several streams on one connection, each message with the number of its stream. */
const channels = { input: 0, errors: 2, status: 3 } as const
export const execProtocol = "v4.channel.k8s.io"

/** So much may be on its way before more of the input is read. */
const mostBuffered = 1024 * 1024
const bufferedLookMs = 5

/** Hands the input to a command that was started over the socket; resolves once it ended well. */
export async function runOver(
  socket: WebSocket,
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  socket.binaryType = "arraybuffer"
  let complaint = ""
  let isOver = false
  const stop = () => socket.close()
  const ended = new Promise<void>((resolve, reject) => {
    socket.addEventListener("message", ({ data }: MessageEvent) => {
      const bytes = Buffer.from(data as ArrayBuffer)
      const text = bytes.toString("utf8", 1)
      if (bytes[0] === channels.errors) complaint = (complaint + text).slice(-2_000)
      if (bytes[0] !== channels.status) return
      const { status, message } = objectOf(JSON.parse(text))
      if (status === "Success") resolve()
      else reject(failed(complaint.trim() || textOf(message) || "it said nothing"))
    })
    socket.addEventListener("close", () => {
      reject(signal.aborted ? signal.reason : failed(complaint.trim() || "the connection was cut"))
    })
  }).finally(() => {
    isOver = true
  })
  ended.catch(() => {})
  signal.addEventListener("abort", stop, { once: true })
  try {
    for await (const chunk of input) {
      if (isOver) break
      socket.send(Buffer.concat([Buffer.from([channels.input]), chunk]))
      while (socket.bufferedAmount > mostBuffered && !isOver) {
        await new Promise((resolve) => setTimeout(resolve, bufferedLookMs))
      }
    }
    await ended
  } finally {
    signal.removeEventListener("abort", stop)
    socket.close()
  }
}

function failed(why: string): ClusterError {
  return new ClusterError("server", `The files could not be sent to the pod: ${why}`)
}

import type { MessageConnection } from "vscode-jsonrpc/node"
import { connectToEngine, engineHome } from "./launch.ts"
import { type EngineNotifications, type EngineRequests, makeWay } from "./protocol.ts"
import { holder, succeeds } from "./singleton.ts"

export type Call = <Method extends keyof EngineRequests>(
  method: Method,
  params: EngineRequests[Method]["params"],
) => Promise<EngineRequests[Method]["result"]>

/** A line to the engine's process. It closes when the process ends or hands over to a newer one. */
export interface EngineConnection {
  readonly call: Call
  readonly onNotification: <Method extends keyof EngineNotifications>(
    method: Method,
    handler: (params: EngineNotifications[Method]) => void,
  ) => void
  readonly onClose: (handler: () => void) => void
  readonly close: () => void
}

/** Starts the engine when none runs. One older than us makes way, and ours takes its place. */
export async function connectEngine(
  program: string,
  version: string,
  client: string,
): Promise<EngineConnection> {
  for (;;) {
    const { connection, rpc } = await open(program)
    const { handsOver } = await connection.call("engine/hello", { version, client })
    if (!handsOver) return connection
    const ended = new Promise<void>((resolve) => connection.onClose(resolve))
    await rpc.sendNotification(makeWay)
    await ended
  }
}

/** Ends an engine that no longer answers, without asking it: its runs go on in the next one. */
export function endEngine(): void {
  const pid = holder(engineHome().lock)
  // It may have ended by itself, and its lock stayed.
  if (pid !== undefined) succeeds(() => process.kill(pid, "SIGKILL"), "ESRCH")
}

async function open(
  program: string,
): Promise<{ connection: EngineConnection; rpc: MessageConnection }> {
  const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = await import(
    "vscode-jsonrpc/node"
  )
  const socket = await connectToEngine(program)
  const rpc: MessageConnection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  )
  // A request that is under way when the engine goes is never answered.
  const gone = new Promise<never>((_resolve, reject) => {
    rpc.onClose(() => reject(new Error("The engine went away before it answered. Try again.")))
  })
  gone.catch(() => {})
  rpc.listen()
  const connection: EngineConnection = {
    call: (method, params) => Promise.race([rpc.sendRequest<never>(method, params), gone]),
    onNotification: (method, handler) => {
      rpc.onNotification(method, handler)
    },
    onClose: (handler) => {
      rpc.onClose(handler)
    },
    close: () => {
      rpc.dispose()
      socket.destroy()
    },
  }
  return { connection, rpc }
}

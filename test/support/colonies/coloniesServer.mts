import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { readExact, writeExact } from "./exact.mts"
import { files } from "./files.mts"
import { acceptSocket } from "./frames.mts"
import { graphs } from "./graphs.mts"
import { type Handlers, on } from "./handler.mts"
import { signerOf } from "./identity.mts"
import { logs } from "./logs.mts"
import { dropSilent, members } from "./members.mts"
import { expire, processes } from "./processes.mts"
import { RpcError } from "./rpcError.mts"
import { type Subscription, subscriptions } from "./subscriptions.mts"
import { createWorld, type World } from "./world.mts"

export interface ColoniesServer {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

export interface ServerOptions {
  /** Id of the server's owner. */
  readonly serverId: string
  /** The assign mode of all shipped configurations; the code's own default is false. */
  readonly exclusive?: boolean
  readonly reregister?: boolean
  /** After how long without asking for work an executor is taken for gone. */
  readonly staleSeconds?: number
  readonly sweepSeconds?: number
  /** Where it listens; by default on loopback. */
  readonly host?: string
}

/** A Colonies server in memory that answers as v1.9.12 does. */
export async function startColoniesServer(options: ServerOptions): Promise<ColoniesServer> {
  const { serverId, exclusive = true, reregister = false, staleSeconds = 600 } = options
  const { host = "127.0.0.1" } = options
  const world = createWorld({ serverId, exclusive, reregister, staleSeconds })
  const server = createServer((request, response) => void answer(world, request, response))
  const sockets = new Set<Duplex>()
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })
  server.on("upgrade", (request, socket) => {
    socket.on("error", () => socket.destroy())
    if (request.url === "/pubsub") subscribe(world, request, socket)
    else socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  const limits = setInterval(() => expire(world), 1000)
  const sweep = setInterval(() => dropSilent(world), (options.sweepSeconds ?? 60) * 1000)
  return {
    host,
    port,
    close: () => {
      clearInterval(limits)
      clearInterval(sweep)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      return closed
    },
  }
}

const info: Handlers = {
  versionmsg: on("get version", {}, () => ({
    buildversion: "v1.9.12",
    buildtime: "2026-02-12T00:00:00Z",
    msgtype: "versionmsg",
  })),
  getserverinfomsg: on("get server info", {}, () => ({
    buildversion: "v1.9.12",
    buildtime: "2026-02-12T00:00:00Z",
    backends: [{ type: "http", port: 50080 }],
  })),
}

const handlers: Handlers = { ...info, ...members, ...processes, ...graphs, ...logs, ...files }
const replyTypes: Readonly<Record<string, string>> = { getpausestatusmsg: "pausestatusreplymsg" }

async function answer(world: World, request: IncomingMessage, response: ServerResponse) {
  if (request.method === "GET" && request.url === "/health") return response.end()
  if (request.method !== "POST" || request.url !== "/api") {
    response.statusCode = 404
    return response.end()
  }
  const gone = new AbortController()
  response.on("close", () => gone.abort())
  response.setHeader("content-type", "text/plain; charset=utf-8")
  try {
    const { type, result } = await handle(world, handlers, await bodyOf(request), gone.signal)
    // Two refusals of the real server have an empty body.
    return response.end(result === undefined ? "" : envelope(replyTypes[type] ?? type, result))
  } catch (error) {
    const { status, message, twice } = asRpcError(error)
    response.statusCode = status
    const text = envelope("error", { status, message }, true)
    return response.end(twice ? text + text : text)
  }
}

async function handle(world: World, table: Handlers, body: string, gone: AbortSignal) {
  const outer = parsed(body, "Failed to parse RPC message") as Partial<Record<string, unknown>>
  const { payloadtype: type, payload, signature } = outer
  if (typeof type !== "string" || typeof payload !== "string") {
    throw new RpcError(400, "Failed to parse RPC message")
  }
  const handler = Object.hasOwn(table, type) ? table[type] : undefined
  if (handler === undefined) throw new RpcError(403, `invalid rpcMsg.PayloadType: ${type}`)
  let caller = ""
  if (!Object.hasOwn(info, type)) {
    const signer = signerOf(payload, typeof signature === "string" ? signature : "")
    if (signer.kind === "refused") throw new RpcError(403, signer.why)
    caller = signer.id
  }
  const what = doing(type)
  const inner = parsed(Buffer.from(payload, "base64").toString(), `Failed to ${what}, invalid JSON`)
  if ((inner as Readonly<Record<string, unknown>> | null)?.msgtype !== type) {
    throw new RpcError(400, `Failed to ${what}, msg.MsgType does not match payloadType`)
  }
  return { type, result: await handler({ world, caller, gone }, inner) }
}

function subscribe(world: World, request: IncomingMessage, socket: Duplex): void {
  const gone = new AbortController()
  let timer: NodeJS.Timeout | undefined
  socket.on("close", () => {
    clearTimeout(timer)
    gone.abort()
  })
  const send = acceptSocket(request, socket, async (text) => {
    try {
      const { result } = await handle(world, subscriptions, text, gone.signal)
      const subscription = result as Subscription
      // The first subscription that runs out takes the connection with it, with no closing frame.
      timer ??= setTimeout(() => socket.destroy(), subscription.timeout * 1000)
      subscription.start((found) => send(envelope("subscribeprocessmsg", found)), gone.signal)
    } catch (error) {
      const { status, message } = asRpcError(error)
      send(envelope("error", { status, message }, true))
    }
  })
}

function envelope(payloadtype: string, value: unknown, error = false): string {
  const payload = Buffer.from(writeExact(value)).toString("base64")
  return JSON.stringify({ payloadtype, payload, error })
}

function parsed(text: string, refusal: string): unknown {
  try {
    return readExact(text)
  } catch {
    throw new RpcError(400, refusal)
  }
}

function asRpcError(error: unknown): RpcError {
  return error instanceof RpcError ? error : new RpcError(500, String(error))
}

function doing(type: string): string {
  if (type === "submitfuncspecmsg") return "submit process spec"
  if (type === "submitworkflowspecmsg") return "submit workflow"
  return type.replace(/msg$/, "")
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import https from "node:https"
import type { AddressInfo, Socket } from "node:net"
import { parse } from "yaml"

/** A request of the engine, in the order in which requests arrive. */
export interface Call {
  /** From 1 on. */
  readonly number: number
  readonly method: string
  readonly path: string
  /** May be changed before the request is passed on. */
  readonly query: URLSearchParams
  readonly kind: CallKind
  readonly body: string
}

/** What the engine does with the API, as far as faults care. */
export type CallKind =
  | "create a Job"
  | "delete a Job"
  | "write status"
  | "write the Lease"
  | "tell an Event"
  | "list"
  | "watch"
  | "read a log"
  | "read"

export type Answer =
  | {
      readonly kind: "said"
      readonly status: number
      readonly body: string
      readonly after?: number
    }
  /** The connection is cut; nobody learns whether the request was carried out. */
  | { readonly kind: "cut" }

/** What goes wrong. Without a hook, and where a hook answers nothing, all is as the API server says. */
export interface Hooks {
  /** The request has arrived. What is answered here never reaches the API server. */
  readonly before?: (call: Call) => Promise<Answer | undefined> | Answer | undefined
  /** The API server has carried it out; the engine does not know yet. A watch: it has begun. */
  readonly after?: (call: Call, answer: Answer) => Promise<Answer | undefined> | Answer | undefined
}

/** Between an engine and the API server; what lies in the hands of the network lies in its. */
export interface ApiProxy {
  /** A kubeconfig's cluster entry. */
  readonly cluster: object
  readonly calls: readonly Call[]
  hooks: Hooks
  /** Ends every watch, with last words where some are given. */
  endWatches(lastWords?: string): void
  /** From now on the connections that are open say nothing more, and do not end either. */
  freeze(): void
  /** Cuts every connection. */
  cut(): void
  /** The next so many connections are refused. */
  refuse(count: number): void
  close(): Promise<void>
}

/** Who logs in with a token does so himself; everybody else is the kubeconfig's user. */
export async function openProxy(
  kubeconfig: string,
  /** Told what a hook throws. */
  onTrouble: (error: unknown) => void,
): Promise<ApiProxy> {
  const upstream = readUpstream(kubeconfig)
  const calls: Call[] = []
  const watches = new Set<ServerResponse>()
  const sockets = new Set<Socket>()
  const frozen = new Set<Socket>()
  const server = createServer((request, response) => {
    // Whoever was killed does not read on.
    for (const end of [request, response]) end.on("error", () => {})
    serve(request, response).catch(onTrouble)
  })
  server.keepAliveTimeout = 0
  let refused = 0
  server.on("connection", (socket) => {
    if (refused > 0) {
      refused--
      socket.resetAndDestroy()
      return
    }
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => {
      sockets.delete(socket)
      frozen.delete(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo

  const proxy: ApiProxy = {
    // Plain HTTP is taken only from who asks for no certificate.
    cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
    calls,
    hooks: {},
    endWatches: (lastWords) => {
      for (const response of watches) {
        if (frozen.has(response.req.socket)) continue
        response.end(lastWords)
      }
    },
    freeze: () => {
      for (const socket of sockets) frozen.add(socket)
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    refuse: (count) => {
      refused = count
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      upstream.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request).catch(() => undefined)
    if (body === undefined || frozen.has(request.socket)) return
    const call = readCall(calls.length + 1, request, body)
    calls.push(call)
    const answer = (await proxy.hooks.before?.(call)) ?? (await forward(call, request, response))
    if (answer === undefined || frozen.has(request.socket)) return
    if (answer.kind === "cut") request.socket.destroy()
    else say(response, answer)
  }

  /** Undefined: a watch, which is under way. */
  async function forward(
    call: Call,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Answer | undefined> {
    const search = call.query.size > 0 ? `?${call.query}` : ""
    let reply: IncomingMessage
    try {
      reply = await upstream.send(call.method, `${call.path}${search}`, request.headers, call.body)
    } catch {
      return { kind: "cut" }
    }
    const status = reply.statusCode ?? 0
    if (call.kind !== "watch" || status !== 200) {
      const after = Number(reply.headers["retry-after"])
      const said: Answer = {
        kind: "said",
        status,
        body: await readAll(reply),
        ...(Number.isFinite(after) ? { after } : {}),
      }
      return (await proxy.hooks.after?.(call, said)) ?? said
    }
    const begun: Answer = { kind: "said", status, body: "" }
    const instead = await proxy.hooks.after?.(call, begun)
    if (instead !== undefined) {
      reply.destroy()
      return instead
    }
    passOn(reply, request, response)
    return undefined
  }

  function passOn(
    reply: IncomingMessage,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    watches.add(response)
    response.writeHead(200, { "content-type": "application/json" })
    response.flushHeaders()
    reply.on("data", (chunk: Buffer) => {
      if (!frozen.has(request.socket) && !response.writableEnded) response.write(chunk)
    })
    reply.on("error", () => response.destroy())
    reply.on("end", () => response.end())
    response.on("close", () => {
      watches.delete(response)
      reply.destroy()
    })
  }
}

function say(response: ServerResponse, { status, body, after }: Answer & { kind: "said" }): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...(after === undefined ? {} : { "retry-after": String(after) }),
  })
  response.end(body)
}

/** What the API server says when it refuses. */
export function refusal(status: number, reason: string, message: string, after?: number): Answer {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code: status,
    reason,
    message,
  }
  return { kind: "said", status, body: JSON.stringify(body), ...(after ? { after } : {}) }
}

function readCall(
  number: number,
  { method = "GET", url = "/" }: IncomingMessage,
  body: string,
): Call {
  const { pathname: path, searchParams: query } = new URL(url, "http://localhost")
  return { number, method, path, query, kind: kindOf(method, path, query), body }
}

function kindOf(method: string, path: string, query: URLSearchParams): CallKind {
  if (method === "GET") {
    if (query.get("watch") === "true") return "watch"
    if (path.endsWith("/log")) return "read a log"
    return query.has("limit") ? "list" : "read"
  }
  if (path.includes("/leases")) return "write the Lease"
  if (path.endsWith("/events")) return "tell an Event"
  if (path.endsWith("/status")) return "write status"
  return method === "DELETE" ? "delete a Job" : "create a Job"
}

function readUpstream(kubeconfig: string) {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8"))
  const { cluster } = clusters[0]
  const { user } = users[0]
  const bytes = (of: Record<string, string>, field: string) => {
    const data = of[`${field}-data`]
    const file = of[field]
    if (data !== undefined) return Buffer.from(data, "base64")
    return file === undefined ? undefined : readFileSync(file)
  }
  const tls = { keepAlive: true, ca: bytes(cluster, "certificate-authority") }
  const admin = new https.Agent({
    ...tls,
    cert: bytes(user, "client-certificate"),
    key: bytes(user, "client-key"),
  })
  const anybody = new https.Agent(tls)
  const server = new URL(cluster.server)
  return {
    close: () => {
      admin.destroy()
      anybody.destroy()
    },
    send: (method: string, path: string, headers: IncomingMessage["headers"], body: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const { host, connection, ...rest } = headers
        const agent = headers.authorization === undefined ? admin : anybody
        const { hostname, port } = server
        https
          .request({ agent, method, hostname, port, path, headers: rest }, resolve)
          .on("error", reject)
          .end(body)
      }),
  }
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

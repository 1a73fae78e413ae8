import { type Cluster, KubeConfig, RequestContext, type User } from "@kubernetes/client-node"
import { Agent, type Dispatcher, ProxyAgent, WebSocket } from "undici"
import { ClusterError, type ErrorFacts } from "../clusterError.ts"
import { fromFailure, fromResponse } from "./apiError.ts"

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly contentType?: string
  /** Another form of the answer; JSON all the same. */
  readonly accept?: string
  readonly signal?: AbortSignal
}

/** One context of a kubeconfig: who we are and how its API server is reached. */
export interface Connection {
  readonly server: string
  /** Sends a request and reads the JSON it answers. Fails with a ClusterError. */
  request(request: ApiRequest): Promise<unknown>
  /** Sends a request and hands back its body as text while it arrives. */
  stream(request: ApiRequest): Promise<AsyncIterable<string>>
  /** Resolves once it is open. The path has its query. */
  socket(path: string, protocol: string): Promise<WebSocket>
  /** What the server's clock says, as its last answer told. */
  serverTime?(): number | undefined
  close(): Promise<void>
}

/** How long a login is trusted before the kubeconfig's plug-in or token file is asked again. */
const loginMs = 30_000
const connections = 64
/** How long a login plug-in may keep everybody waiting before they are told. It is left to finish. */
const patienceMs = 30_000
/** The API server itself gives up after a minute. */
const answerMs = 65_000

/** `plugins`: the only login plug-ins that may be started; undefined = any. */
export function connect(
  config: KubeConfig,
  context: string,
  plugins?: readonly string[],
): Connection {
  config.setCurrentContext(context)
  const cluster = currentCluster(config, context)
  refusePlugin(config.getCurrentUser(), context, plugins)
  const base = new URL(cluster.server)
  const prefix = base.pathname.replace(/\/$/, "")
  let login: Promise<Login> | undefined
  let loginAt = 0
  let heard: { readonly date: number; readonly at: number } | undefined
  let current = config
  /** Still under way, perhaps since before somebody was told so. */
  let asked: Promise<Login> | undefined

  async function currentLogin(renew: boolean): Promise<Login> {
    const previous = await login?.catch(() => undefined)
    if (login && previous && !renew && performance.now() - loginAt < loginMs) return previous
    loginAt = performance.now()
    if (asked === undefined) {
      // The library keeps a plug-in's token for as long as the configuration lives, refused or not.
      if (renew) current = copyOf(config)
      asked = logIn(current, previous).finally(() => {
        asked = undefined
      })
      asked.catch(() => {})
    }
    login = withPatience(asked, config.getCurrentUser())
    return login
  }

  async function send(request: ApiRequest, renew: boolean): Promise<Dispatcher.ResponseData> {
    const { headers, dispatcher } = await currentLogin(renew)
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) query.set(name, String(value))
    }
    const search = query.size > 0 ? `?${query}` : ""
    return dispatcher.request({
      origin: base.origin,
      path: `${prefix}${request.path}${search}`,
      method: request.method,
      headers: {
        ...headers,
        accept: request.accept ?? "application/json",
        "user-agent": "kube-executions",
        ...(request.body === undefined
          ? {}
          : { "content-type": request.contentType ?? "application/json" }),
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: request.signal ?? null,
      headersTimeout: answerMs,
      bodyTimeout: 0,
    })
  }

  async function open(request: ApiRequest): Promise<Dispatcher.ResponseData> {
    try {
      let response = await send(request, false)
      if (response.statusCode === 401) {
        await response.body.dump()
        response = await send(request, true)
      }
      const date = Date.parse(String(response.headers.date))
      if (!Number.isNaN(date)) heard = { date, at: performance.now() }
      if (response.statusCode < 400) return response
      const text = await response.body.text()
      const retryAfter = response.headers["retry-after"]
      throw fromResponse(
        response.statusCode,
        text,
        Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      )
    } catch (error) {
      request.signal?.throwIfAborted()
      throw fromFailure(error, base.host)
    }
  }

  return {
    server: base.host,
    async request(request) {
      const response = await open(request)
      try {
        return await response.body.json()
      } catch (error) {
        request.signal?.throwIfAborted()
        throw fromFailure(error, base.host)
      }
    },
    async stream(request) {
      const response = await open(request)
      response.body.setEncoding("utf8")
      return chunksOf(response.body, request.signal, base.host)
    },
    async socket(path, protocol) {
      const { headers, dispatcher } = await currentLogin(false)
      const scheme = base.protocol === "https:" ? "wss" : "ws"
      const socket = new WebSocket(`${scheme}://${base.host}${prefix}${path}`, {
        protocols: [protocol],
        dispatcher,
        headers: { ...headers, "user-agent": "kube-executions" },
      })
      return new Promise((resolve, reject) => {
        socket.addEventListener("open", () => resolve(socket), { once: true })
        socket.addEventListener(
          "error",
          () =>
            reject(fromFailure(new Error("it did not open a connection to the pod"), base.host)),
          { once: true },
        )
      })
    },
    serverTime: () => heard && heard.date + (performance.now() - heard.at),
    async close() {
      const last = await login?.catch(() => undefined)
      await last?.dispatcher.destroy()
    },
  }
}

/** What arrives; a line that breaks on the way fails as a request does. */
async function* chunksOf(
  body: AsyncIterable<string>,
  signal: AbortSignal | undefined,
  host: string,
): AsyncIterable<string> {
  try {
    yield* body
  } catch (error) {
    signal?.throwIfAborted()
    throw fromFailure(error, host)
  }
}

/** The cluster of the context; what the kubeconfig lacks is said. */
function currentCluster(config: KubeConfig, context: string): Cluster {
  const found = config.getContextObject(context)
  const lacks = (sentence: string) => new ClusterError("config", sentence)
  if (!found) {
    const others = config.contexts.map(({ name }) => `"${name}"`).join(", ") || "none"
    throw new ClusterError(
      "config",
      `The kubeconfig has no context "${context}". It has: ${others}.`,
      undefined,
      { fault: "no-context", context },
    )
  }
  const cluster = config.getCurrentCluster()
  const names = `The context "${context}" of the kubeconfig names the`
  if (!cluster) throw lacks(`${names} cluster "${found.cluster}", which is not in it.`)
  if (found.user && !config.getCurrentUser()) {
    throw lacks(`${names} user "${found.user}", which is not in it.`)
  }
  if (!URL.canParse(cluster.server)) {
    throw lacks(
      `The cluster "${cluster.name}" of the kubeconfig has no address: "${cluster.server}".`,
    )
  }
  return cluster
}

/** Nobody's program is started who was not asked. */
function refusePlugin(
  user: User | null,
  context: string,
  plugins: readonly string[] | undefined,
): void {
  const command = pluginOf(user)
  if (command === undefined || plugins === undefined || plugins.includes(command)) return
  throw new ClusterError(
    "login",
    `To log in to "${context}" the kubeconfig starts "${command}", and nobody was asked yet.`,
    undefined,
    { fault: "plugin-asks", command, context },
  )
}

/** The whole command line that a login of this user starts; undefined when it starts none. */
function pluginOf(user: User | null): string | undefined {
  const exec: { command?: unknown; args?: unknown } | undefined = user?.exec
  const command = exec?.command ?? user?.authProvider?.config?.["cmd-path"]
  if (typeof command !== "string") return undefined
  const args = exec?.args ?? user?.authProvider?.config?.["cmd-args"] ?? []
  return [command, ...(Array.isArray(args) ? args : [args])].join(" ")
}

interface Login {
  readonly headers: Readonly<Record<string, string>>
  readonly dispatcher: Dispatcher
  /** The TLS identity; while it stays the same, so do the open connections. */
  readonly identity: string
}

async function logIn(config: KubeConfig, previous: Login | undefined): Promise<Login> {
  const options: TlsOptions & { headers?: Record<string, string>; auth?: string } = {}
  try {
    await config.applyToHTTPSOptions(options)
  } catch (error) {
    throw loginError(config.getCurrentUser(), error)
  }
  const headers = { ...options.headers }
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString("base64")}`
  const tls = definedOnly({
    ca: options.ca,
    cert: options.cert,
    key: options.key,
    servername: options.servername,
    rejectUnauthorized: options.rejectUnauthorized,
  })
  const identity = JSON.stringify(tls)
  if (previous?.identity === identity) return { ...previous, headers }
  // Open requests and watches end in their own time on the connections they began with.
  void previous?.dispatcher.close()
  return { headers, dispatcher: await createDispatcher(config, tls), identity }
}

function copyOf(config: KubeConfig): KubeConfig {
  const { clusters, users, contexts, currentContext } = config
  const copy = new KubeConfig()
  copy.loadFromOptions({ clusters, users, contexts, currentContext })
  return copy
}

async function withPatience(login: Promise<Login>, user: User | null): Promise<Login> {
  const late = Promise.withResolvers<never>()
  const command: unknown = user?.exec?.command
  const who = typeof command === "string" ? `The login plug-in "${command}"` : "The login"
  const timer = setTimeout(() => {
    const sentence = `${who} of the kubeconfig has not answered for ${patienceMs / 1000} s. Finish its login, or run it once in a terminal.`
    late.reject(new ClusterError("login", sentence, undefined, pluginFacts(user)))
  }, patienceMs)
  try {
    return await Promise.race([login, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

interface TlsOptions {
  ca?: string | Buffer
  cert?: string | Buffer
  key?: string | Buffer
  servername?: string
  rejectUnauthorized?: boolean
}

/** HTTP/1.1 on purpose: a cut connection then costs one watch, not all of them at once. */
async function createDispatcher(config: KubeConfig, tls: TlsOptions): Promise<Dispatcher> {
  const cluster = config.getCurrentCluster()
  const options = config.createDispatcherOptions(cluster, tls)
  switch (options.type) {
    case "proxy":
      return new ProxyAgent({ uri: options.uri, requestTls: options.requestTls, connections })
    case "socks": {
      const context = new RequestContext(cluster?.server ?? "", "GET")
      await config.applySecurityAuthentication(context)
      return context.getDispatcher() ?? new Agent({ connections })
    }
    case "agent":
      return new Agent({ connect: options.connect, connections, allowH2: false })
    case "none":
      return new Agent({ connections, allowH2: false })
  }
}

function loginError(user: User | null, error: unknown): ClusterError {
  const why = oneLine(error instanceof Error ? error.message : String(error))
  const command: unknown = user?.exec?.command
  const { code, path } = (error ?? {}) as { readonly code?: unknown; readonly path?: unknown }
  if (typeof path === "string" && path !== command) {
    const sentence = `The kubeconfig names the file "${path}", which cannot be read (${code}).`
    return new ClusterError("config", sentence, undefined, { fault: "broken", file: path })
  }
  if (typeof command === "string") {
    const loginFault = (sentence: string) =>
      new ClusterError("login", sentence, undefined, pluginFacts(user))
    const plugin = `The login plug-in "${command}"`
    if (code === "ENOENT") {
      const advice = "Install it, or choose another context."
      return loginFault(`${plugin} of the kubeconfig was not found. ${advice}`)
    }
    // What it answered was no JSON, or had no credential in it.
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return loginFault(`${plugin} ended well, but answered no credential.`)
    }
    return loginFault(`${plugin} stopped: ${why || "it said nothing"}`)
  }
  return new ClusterError("login", `The login of the kubeconfig failed: ${why}`)
}

function pluginFacts(user: User | null): ErrorFacts {
  const command = pluginOf(user)
  return { fault: "plugin", ...(command === undefined ? {} : { command }) }
}

/** Plug-ins may print pages; the end of what they say is what they died of. */
function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, "; ")
  return line.length <= 300 ? line : `…${line.slice(-299)}`
}

function definedOnly(
  options: { [Key in keyof TlsOptions]: TlsOptions[Key] | undefined },
): TlsOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  )
}

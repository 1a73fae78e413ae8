import type { IncomingMessage } from "node:http"
import https from "node:https"
import { Refusal } from "./refusal.mts"

/** A small client of the Kubernetes API for the bed and its suites: paths in, JSON out. */
export interface Api {
  get<T>(path: string): Promise<T>
  text(path: string): Promise<string>
  create<T>(path: string, body: object): Promise<T>
  /** A merge patch, or a strategic one for lists that merge by key. */
  patch<T>(path: string, body: object, kind?: "merge" | "strategic-merge"): Promise<T>
  remove(path: string, options?: object): Promise<void>
  /** Calls for every line of a watch and answers when the server ends it; throws when the link breaks. */
  watch<T>(
    path: string,
    signal: AbortSignal,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<void>
  /** Closes idle connections, so that the program may end. */
  close(): void
}

export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR"
  readonly object: T
}

/** What the API server refused, with its own words. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Reads any kubeconfig that kubectl reads, the one with a sign-in program included. */
export async function connect(kubeconfig: string, maxSockets = 64): Promise<Api> {
  // Loaded on use: it takes half a second, which commands that need no cluster do not have to wait.
  const { KubeConfig } = await import("@kubernetes/client-node")
  const config = new KubeConfig()
  try {
    config.loadFromFile(kubeconfig)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(`${kubeconfig} cannot be read as a kubeconfig: ${why}`)
  }
  const cluster = config.getCurrentCluster()
  if (cluster === null) {
    throw new Refusal(
      `${kubeconfig} has no current context with a cluster: set one, or name another.`,
    )
  }
  const credentials: https.RequestOptions = {}
  await config.applyToHTTPSOptions(credentials)
  const server = new URL(cluster.server)
  // The agent that the library puts there is for one request; ours keeps its connections.
  const agent = new https.Agent({ keepAlive: true, maxSockets })

  const send = (
    method: string,
    path: string,
    body?: { content: object; type: string },
    signal?: AbortSignal,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body.content))
      const request = https.request(
        {
          ...credentials,
          agent,
          method,
          host: server.hostname,
          port: server.port || 443,
          path: `${server.pathname.replace(/\/$/, "")}${path}`,
          headers: {
            accept: "application/json",
            ...credentials.headers,
            // Node would send the body of a DELETE without its length, as the start of a next request.
            ...(body === undefined
              ? {}
              : { "content-type": body.type, "content-length": String(content?.length) }),
          },
          ...(signal === undefined ? {} : { signal }),
        },
        resolve,
      )
      request.on("error", reject)
      request.end(content)
    })
  const read = async (...call: Parameters<typeof send>): Promise<string> => {
    const response = await send(...call)
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const status = response.statusCode ?? 0
    if (status >= 300) throw new ApiError(status, `${call[0]} ${call[1]}: ${reason(text)}`)
    return text
  }
  // The shape of an answer is the caller's knowledge: it names the path.
  const parsed = async <T,>(...call: Parameters<typeof send>): Promise<T> =>
    JSON.parse(await read(...call)) as T
  return {
    get: (path) => parsed("GET", path),
    text: (path) => read("GET", path),
    create: (path, content) => parsed("POST", path, { content, type: "application/json" }),
    patch: (path, content, kind = "merge") =>
      parsed("PATCH", path, { content, type: `application/${kind}-patch+json` }),
    remove: async (path, content = {}) => {
      await read("DELETE", path, { content, type: "application/json" })
    },
    watch: async (path, signal, onEvent) => {
      const response = await send("GET", path, undefined, signal)
      let rest = ""
      response.setEncoding("utf8")
      if (response.statusCode !== 200) {
        for await (const chunk of response) rest += chunk
        throw new ApiError(response.statusCode ?? 0, `watch ${path}: ${reason(rest)}`)
      }
      for await (const chunk of response) {
        const lines = (rest + chunk).split("\n")
        rest = lines.pop() ?? ""
        for (const line of lines) onEvent(JSON.parse(line))
      }
    },
    close: () => agent.destroy(),
  }
}

function reason(text: string): string {
  try {
    return String(JSON.parse(text).message)
  } catch {
    return text
  }
}

import { readFile } from "node:fs/promises"
import http, { type IncomingMessage, type ServerResponse } from "node:http"
import https from "node:https"
import { type Duplex, pipeline } from "node:stream"
import { buffer } from "node:stream/consumers"
import { parse } from "yaml"
import type { Cluster } from "./cluster.mts"

export interface HiddenDefinition {
  /** The cluster of a kubeconfig. Who logs in is up to that; who does not log in is the bed's own user. */
  readonly cluster: object
  /** The definition that somebody installed here, and what the API server said of it. */
  installed(): { readonly name: string; readonly verdict: number } | undefined
  close(): void
}

const group = "/apis/execution.kubegene.io"
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
const own = `${definitions}/executions.execution.kubegene.io`

/**
 * The bed's API server as it is where nobody installed the definition of Executions: neither is known,
 * everything else goes through. The bed is shared, so the definition itself stays; one that is
 * installed here is tried on the server without being kept, and from then on nothing is hidden.
 */
export async function withoutDefinition(bed: Cluster): Promise<HiddenDefinition> {
  const config = parse(await readFile(bed.kubeconfig, "utf8"))
  const [{ cluster }] = config.clusters
  const [{ user }] = config.users
  const target = new URL(cluster.server)
  const ca = decoded(cluster["certificate-authority-data"])
  const [cert, key] = [user["client-certificate-data"], user["client-key-data"]].map(decoded)
  const agent = new https.Agent({ ca, keepAlive: true })
  const ownAgent = new https.Agent({ ca, cert, key, keepAlive: true })
  let installed: { name: string; verdict: number } | undefined

  const onward = (method: string | undefined, path: string | undefined, headers: Headers) => {
    const { hostname: host, port } = target
    const by = headers.authorization === undefined ? ownAgent : agent
    return https.request({ agent: by, host, port, method, path, headers })
  }

  const tryOut = async (request: IncomingMessage, response: ServerResponse) => {
    const { "content-length": _, ...headers } = request.headers
    const sent = JSON.parse(String(await buffer(request)))
    const there = JSON.parse(String(await buffer(await answerOf(onward("GET", own, headers)))))
    const { resourceVersion } = there.metadata
    const body = JSON.stringify({ ...sent, metadata: { ...sent.metadata, resourceVersion } })
    const tried = await answerOf(onward("PUT", `${own}?dryRun=All`, headers), body)
    installed = { name: sent.metadata.name, verdict: tried.statusCode ?? 0 }
    response.writeHead(installed.verdict, { "content-type": tried.headers["content-type"] })
    join(tried, response)
  }

  const proxy = http.createServer((request, response) => {
    const { method, url = "", headers } = request
    if (!installed && (url.startsWith(group) || (method === "GET" && url.startsWith(own)))) {
      refuse(response)
      return
    }
    if (!installed && method === "POST" && url.startsWith(definitions)) {
      tryOut(request, response).catch((error: Error) => response.destroy(error))
      return
    }
    const asked = onward(method, url, headers)
    asked.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      join(answer, response)
    })
    response.on("close", () => asked.destroy())
    join(request, asked)
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  const address = proxy.address()
  const port = typeof address === "object" && address ? address.port : 0
  return {
    // Kubeconfigs allow plain HTTP only to those who say that nobody is to be trusted.
    cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
    installed: () => installed,
    close: () => {
      proxy.closeAllConnections()
      proxy.close()
      agent.destroy()
      ownAgent.destroy()
    },
  }
}

type Headers = http.IncomingHttpHeaders

function decoded(data: string): Buffer {
  return Buffer.from(data, "base64")
}

function answerOf(request: http.ClientRequest, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on("response", resolve)
    request.on("error", reject)
    request.end(body)
  })
}

function refuse(response: ServerResponse): void {
  const message = "the server could not find the requested resource"
  response.writeHead(404, { "content-type": "application/json" })
  response.end(JSON.stringify({ kind: "Status", reason: "NotFound", code: 404, message }))
}

/** A side that is cut cuts the other: what comes of it is the client's matter. */
function join(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  pipeline(from as Duplex, to as Duplex, () => {})
}

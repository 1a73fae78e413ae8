import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import https from "node:https"
import { KubeConfig } from "@kubernetes/client-node"

/** A way to the test cluster on which it does not know Executions until somebody installs them. */
export interface HidingDoor {
  readonly server: string
  /** The definition that was sent, once one was; the cluster was asked what it thinks of it. */
  readonly installed: () => { readonly name: string; readonly verdict: number } | undefined
  close(): void
}

const group = "/apis/execution.kubegene.io"
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
const own = `${definitions}/executions.execution.kubegene.io`

/**
 * The cluster is shared, and other suites would miss the definition: so it is not taken away, but
 * not seen through this door. What is installed is tried on the cluster without being kept.
 */
export async function openHidingDoor(kubeconfig: string): Promise<HidingDoor> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const credentials: https.RequestOptions = {}
  await config.applyToHTTPSOptions(credentials)
  const to = new URL(config.getCurrentCluster()?.server ?? "")
  const agent = new https.Agent({ keepAlive: true })
  let installed: { name: string; verdict: number } | undefined

  const pass = (
    { method, path, headers }: { method: string; path: string; headers: object },
    body: Buffer,
  ) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const length = body.length === 0 ? {} : { "content-length": body.length }
      const request = https.request(
        {
          ...credentials,
          agent,
          method,
          host: to.hostname,
          port: to.port,
          path,
          headers: { ...headers, ...credentials.headers, ...length },
        },
        resolve,
      )
      request.on("error", reject)
      request.end(body)
    })

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url = "/" } = request
    const accept = { accept: request.headers.accept ?? "application/json" }
    const type = request.headers["content-type"]
    const headers = type === undefined ? accept : { ...accept, "content-type": type }
    const body = await whole(request)
    if (!installed && (url.startsWith(group) || (url.startsWith(own) && method === "GET"))) {
      refuse(response)
      return
    }
    if (!installed && method === "POST" && url.startsWith(definitions)) {
      const there = await pass({ method: "GET", path: own, headers: accept }, Buffer.alloc(0))
      const { metadata } = JSON.parse(String(await whole(there)))
      const sent = JSON.parse(String(body))
      const { resourceVersion } = metadata
      const kept = { ...sent, metadata: { ...sent.metadata, resourceVersion } }
      const tried = await pass(
        { method: "PUT", path: `${own}?dryRun=All`, headers },
        Buffer.from(JSON.stringify(kept)),
      )
      installed = { name: sent.metadata.name, verdict: tried.statusCode ?? 0 }
      relay(tried, response)
      return
    }
    relay(await pass({ method, path: url, headers }, body), response)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : 0
  return {
    server: `http://127.0.0.1:${port}`,
    installed: () => installed,
    close: () => {
      agent.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

function relay(from: IncomingMessage, to: ServerResponse): void {
  to.writeHead(from.statusCode ?? 502, { "content-type": from.headers["content-type"] ?? "" })
  from.pipe(to)
  // A watch has no end of its own.
  to.on("close", () => from.destroy())
  from.on("error", () => to.destroy())
}

function refuse(response: ServerResponse): void {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound" }
  response.writeHead(404, { "content-type": "application/json" })
  response.end(JSON.stringify({ ...status, code: 404, message: "the server could not find it" }))
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

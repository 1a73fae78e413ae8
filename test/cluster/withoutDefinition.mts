import { readFile } from "node:fs/promises"
import http from "node:http"
import https from "node:https"
import { type Duplex, pipeline } from "node:stream"
import { parse } from "yaml"
import type { Cluster } from "./cluster.mts"

export interface HiddenDefinition {
  /** The cluster of a kubeconfig; who logs in is up to that. */
  readonly cluster: object
  close(): void
}

/**
 * The bed's API server as it is where nobody installed the definition of Executions: that group is not
 * known, everything else goes through. The bed is shared, so the definition itself stays.
 */
export async function withoutDefinition(bed: Cluster): Promise<HiddenDefinition> {
  const [entry] = parse(await readFile(bed.kubeconfig, "utf8")).clusters
  const target = new URL(entry.cluster.server)
  const ca = Buffer.from(entry.cluster["certificate-authority-data"], "base64")
  const agent = new https.Agent({ ca, keepAlive: true })
  const proxy = http.createServer((request, response) => {
    if (request.url?.startsWith("/apis/execution.kubegene.io")) {
      const message = "the server could not find the requested resource"
      response.writeHead(404, { "content-type": "application/json" })
      response.end(JSON.stringify({ kind: "Status", reason: "NotFound", code: 404, message }))
      return
    }
    const { method, url: path, headers } = request
    const onward = https.request(
      { agent, host: target.hostname, port: target.port, method, path, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        join(answer, response)
      },
    )
    response.on("close", () => onward.destroy())
    join(request, onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  const address = proxy.address()
  const port = typeof address === "object" && address ? address.port : 0
  return {
    // Kubeconfigs allow plain HTTP only to those who say that nobody is to be trusted.
    cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
    close: () => {
      proxy.closeAllConnections()
      proxy.close()
      agent.destroy()
    },
  }
}

/** A side that is cut cuts the other: what comes of it is the client's matter. */
function join(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  pipeline(from as Duplex, to as Duplex, () => {})
}

import { createServer, type Server } from "node:http"

export interface Health {
  /** A sentence for whoever asks, and whether it is good news. */
  readonly live: () => Verdict
  readonly ready: () => Verdict
}

export interface Verdict {
  readonly isGood: boolean
  readonly sentence: string
}

/** /healthz and /readyz, as Kubernetes asks for them. */
export function serveHealth(port: number, { live, ready }: Health): Promise<Server> {
  const server = createServer((request, response) => {
    const verdict = request.url === "/healthz" ? live() : request.url === "/readyz" ? ready() : none
    response.writeHead(verdict === none ? 404 : verdict.isGood ? 200 : 503, {
      "content-type": "text/plain; charset=utf-8",
    })
    response.end(`${verdict.sentence}\n`)
  })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, () => resolve(server))
  })
}

const none: Verdict = { isGood: false, sentence: "There are /healthz and /readyz." }

// The node's image registry, read-only and on loopback: it makes an image when it is first asked for.
// Arguments: the port.
import http from "node:http"
import { type Image, manifestType, recipe } from "./images.mts"

const images = new Map<string, Image>()
/** Made anew for each manifest that is asked for, because the bundle in it may have been built anew. */
const own = "kube-executions"
const ownBlobs = new Map<string, Buffer>()

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://registry")
  const answer = (status: number, headers: Record<string, string>, body: Buffer): void => {
    response.writeHead(status, { ...headers, "content-length": String(body.length) })
    response.end(request.method === "HEAD" ? undefined : body)
  }
  if (pathname === "/v2/") return answer(200, {}, Buffer.alloc(0))
  const [, repository, kind, reference] =
    /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? []
  const isOwn = repository?.replace(/^library\//, "") === own
  const isWanted = kind === "manifests" && !reference?.startsWith("sha256:")
  const image =
    repository === undefined ? undefined : isOwn ? findOwn(repository, isWanted) : find(repository)
  const digest =
    kind === "manifests" && !reference?.startsWith("sha256:") ? image?.manifest : reference
  const blob = image?.blobs.get(digest ?? "")
  if (digest === undefined || blob === undefined) {
    const code = kind === "blobs" ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN"
    return answer(404, {}, Buffer.from(JSON.stringify({ errors: [{ code }] })))
  }
  const type = kind === "manifests" ? manifestType : "application/octet-stream"
  answer(200, { "content-type": type, "docker-content-digest": digest }, blob)
})

function findOwn(repository: string, isFresh: boolean): Image | undefined {
  const made = isFresh ? recipe(repository)?.() : undefined
  for (const [digest, blob] of made?.blobs ?? []) ownBlobs.set(digest, blob)
  return { manifest: made?.manifest ?? "", blobs: ownBlobs }
}

function find(repository: string): Image | undefined {
  const known = images.get(repository)
  if (known !== undefined) return known
  const made = recipe(repository)?.()
  if (made !== undefined) images.set(repository, made)
  return made
}

server.listen(Number(process.argv[2]), "127.0.0.1")

import { createHash, randomUUID } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { checkSignature, type S3Keys, splitUrl } from "./s3Signature.mts"

export interface S3Server {
  readonly endpoint: string
  /** By bucket and key, "bucket/key". A test may break what is stored. */
  readonly objects: Map<string, Buffer>
  /** Requests that were let in, as "PUT /bucket/key?query". */
  readonly requests: string[]
  /** When it says true of a request, the connection is cut in place of an answer, or in the middle of what is read. */
  cutWhen: ((request: string) => boolean) | undefined
  /** When it says true of a request, it is carried out and its answer lost. */
  loseAnswerWhen: ((request: string) => boolean) | undefined
  close(): Promise<void>
}

/** Object storage in memory, on loopback unless pods are to reach it, that refuses a wrong signature. */
export async function startS3(keys: S3Keys, host = "127.0.0.1"): Promise<S3Server> {
  const store: Store = { buckets: new Set(), objects: new Map(), uploads: new Map() }
  const sockets = new Set<Duplex>()
  const server = createServer((request, response) => {
    answer(store, s3, keys, request, response).catch(() => response.destroy())
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const s3: S3Server = {
    endpoint: `${host}:${(server.address() as AddressInfo).port}`,
    objects: store.objects,
    requests: [],
    cutWhen: undefined,
    loseAnswerWhen: undefined,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      return closed
    },
  }
  return s3
}

interface Store {
  readonly buckets: Set<string>
  readonly objects: Map<string, Buffer>
  readonly uploads: Map<string, Upload>
}

interface Upload {
  readonly bucket: string
  readonly key: string
  readonly started: Date
  readonly parts: Map<number, Buffer>
}

interface Asked {
  readonly store: Store
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  readonly body: Buffer
  readonly headers: IncomingMessage["headers"]
}

interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

async function answer(
  store: Store,
  s3: S3Server,
  keys: S3Keys,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const checked = checkSignature(request, Buffer.concat(chunks), keys)
  const line = `${request.method} ${request.url}`
  const isCut = s3.cutWhen?.(line) === true
  if (isCut && request.method !== "GET") {
    response.destroy()
    return
  }
  let reply: Reply
  if (checked.kind === "refused") reply = failure(checked.status, checked.code)
  else {
    s3.requests.push(line)
    const { pathname, search } = splitUrl(request.url ?? "/")
    const [bucket = "", ...rest] = pathname.slice(1).split("/").map(decodeURIComponent)
    const query = new URLSearchParams(search)
    const { body } = checked
    const asked = { store, bucket, key: rest.join("/"), query, body, headers: request.headers }
    reply = route(request.method ?? "", asked)
  }
  if (s3.loseAnswerWhen?.(line) === true) {
    response.destroy()
    return
  }
  const body = request.method === "HEAD" ? "" : (reply.body ?? "")
  const length = { "content-length": String(Buffer.byteLength(reply.body ?? "")) }
  response.writeHead(reply.status, { ...length, ...reply.headers })
  if (isCut) response.write(body.slice(0, body.length / 2), () => response.destroy())
  else response.end(body)
}

function route(method: string, asked: Asked): Reply {
  const { store, bucket, key, query } = asked
  if (key === "" && method === "PUT") {
    store.buckets.add(bucket)
    return { status: 200 }
  }
  if (!store.buckets.has(bucket)) return failure(404, "NoSuchBucket")
  if (key === "") {
    if (method === "HEAD") return { status: 200 }
    return query.has("uploads") ? listUploads(asked) : failure(501, "NotImplemented")
  }
  if (method === "POST" && query.has("uploads")) return createUpload(asked)
  const upload = query.get("uploadId")
  if (upload !== null) return ofUpload(method, asked, upload)
  const path = `${bucket}/${key}`
  if (method === "PUT") {
    store.objects.set(path, asked.body)
    return { status: 200, headers: { etag: etag(asked.body) } }
  }
  if (method === "DELETE") {
    store.objects.delete(path)
    return { status: 204 }
  }
  const found = store.objects.get(path)
  if (found === undefined) return failure(404, "NoSuchKey")
  return method === "GET" || method === "HEAD"
    ? read(found, asked.headers.range)
    : failure(405, "MethodNotAllowed")
}

function read(object: Buffer, range: string | undefined): Reply {
  const headers = { etag: etag(object), "accept-ranges": "bytes" }
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? "")
  if (match === null) return { status: 200, headers, body: object }
  const [, from = "", to = ""] = match
  const start = from === "" ? Math.max(0, object.length - Number(to)) : Number(from)
  const end = from === "" || to === "" ? object.length - 1 : Math.min(Number(to), object.length - 1)
  if (start > end) return failure(416, "InvalidRange")
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end}/${object.length}` },
    body: object.subarray(start, end + 1),
  }
}

function createUpload({ store, bucket, key }: Asked): Reply {
  const id = randomUUID()
  store.uploads.set(id, { bucket, key, started: new Date(), parts: new Map() })
  const names = `<Bucket>${bucket}</Bucket><Key>${escaped(key)}</Key>`
  return xml("InitiateMultipartUploadResult", `${names}<UploadId>${id}</UploadId>`)
}

function ofUpload(method: string, asked: Asked, id: string): Reply {
  const { store, bucket, key, query, body } = asked
  const upload = store.uploads.get(id)
  if (upload?.bucket !== bucket || upload.key !== key) return failure(404, "NoSuchUpload")
  if (method === "PUT") {
    upload.parts.set(Number(query.get("partNumber")), body)
    return { status: 200, headers: { etag: etag(body) } }
  }
  if (method === "DELETE") {
    store.uploads.delete(id)
    return { status: 204 }
  }
  return method === "GET" ? listParts(upload, id, query) : complete(asked, upload, id)
}

const smallestPart = 5 * 1024 ** 2

function complete({ store, bucket, key, body }: Asked, upload: Upload, id: string): Reply {
  const parts: Buffer[] = []
  for (const [, part = ""] of body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)) {
    const number = Number(/<PartNumber>(\d+)</.exec(part)?.[1])
    const tag = /<ETag>(?:&quot;|&#34;|")?([^<&"]+)/.exec(part)?.[1]
    const data = upload.parts.get(number)
    if (data === undefined || etag(data) !== `"${tag}"`) return failure(400, "InvalidPart")
    parts.push(data)
  }
  if (parts.length === 0) return failure(400, "MalformedXML")
  if (parts.slice(0, -1).some((part) => part.length < smallestPart)) {
    return failure(400, "EntityTooSmall")
  }
  const whole = Buffer.concat(parts)
  store.objects.set(`${bucket}/${key}`, whole)
  store.uploads.delete(id)
  const names = `<Bucket>${bucket}</Bucket><Key>${escaped(key)}</Key>`
  return xml("CompleteMultipartUploadResult", `${names}<ETag>${escaped(etag(whole))}</ETag>`)
}

function listUploads({ store, bucket, query }: Asked): Reply {
  const prefix = query.get("prefix") ?? ""
  const found = [...store.uploads].filter(
    ([, upload]) => upload.bucket === bucket && upload.key.startsWith(prefix),
  )
  const entries = found.map(([id, { key, started }]) => {
    const time = `<Initiated>${started.toISOString()}</Initiated>`
    return `<Upload><Key>${escaped(key)}</Key><UploadId>${id}</UploadId>${time}</Upload>`
  })
  const head = `<Bucket>${bucket}</Bucket><IsTruncated>false</IsTruncated>`
  return xml("ListMultipartUploadsResult", head + entries.join(""))
}

function listParts({ bucket, key, parts }: Upload, id: string, query: URLSearchParams): Reply {
  const after = Number(query.get("part-number-marker") ?? 0)
  const most = Number(query.get("max-parts") ?? 1000)
  const left = [...parts].filter(([number]) => number > after).sort(([a], [b]) => a - b)
  const page = left.slice(0, most)
  const entries = page.map(
    ([number, data]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag(data))}</ETag><Size>${data.length}</Size></Part>`,
  )
  const last = page.at(-1)?.[0] ?? after
  const names = `<Bucket>${bucket}</Bucket><Key>${escaped(key)}</Key><UploadId>${id}</UploadId>`
  const paging = `<NextPartNumberMarker>${last}</NextPartNumberMarker><IsTruncated>${left.length > page.length}</IsTruncated>`
  return xml("ListPartsResult", names + paging + entries.join(""))
}

function xml(name: string, inner: string, status = 200): Reply {
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?><${name}>${inner}</${name}>`,
  }
}

function failure(status: number, code: string): Reply {
  return xml("Error", `<Code>${code}</Code><Message>${code}</Message>`, status)
}

function etag(data: Buffer): string {
  return `"${createHash("md5").update(data).digest("hex")}"`
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
}

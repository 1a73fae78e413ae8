import { createHash, createHmac } from "node:crypto"
import type { IncomingMessage } from "node:http"

export interface S3Keys {
  readonly accessKey: string
  readonly secretKey: string
  readonly region: string
}

export type Checked =
  | { readonly kind: "good"; readonly body: Buffer }
  | { readonly kind: "refused"; readonly code: string; readonly status: number }

/** Signature Version 4 of the request, of its body, and of each chunk of a streamed body. */
export function checkSignature(request: IncomingMessage, body: Buffer, keys: S3Keys): Checked {
  const match = authorization.exec(request.headers.authorization ?? "")
  if (match === null) return refused("AccessDenied", 403)
  const [, accessKey, day = "", region = "", names = "", signature = ""] = match
  if (accessKey !== keys.accessKey) return refused("InvalidAccessKeyId", 403)
  if (region !== keys.region) return refused("AuthorizationHeaderMalformed", 400)
  const date = header(request, "x-amz-date")
  const hash = header(request, "x-amz-content-sha256")
  const { pathname, search } = splitUrl(request.url ?? "/")
  const canonical = [
    request.method,
    pathname,
    canonicalQuery(search),
    ...names
      .split(";")
      .map((name) => `${name}:${header(request, name).replace(/ +/g, " ").trim()}`),
    "",
    names,
    hash,
  ].join("\n")
  const scope = `${day}/${region}/s3/aws4_request`
  const key = ["s3", "aws4_request"].reduce(hmac, hmac(hmac(`AWS4${keys.secretKey}`, day), region))
  const expected = hmac(key, ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n"))
  if (expected.toString("hex") !== signature) return refused("SignatureDoesNotMatch", 403)
  if (hash === "UNSIGNED-PAYLOAD") return { kind: "good", body }
  if (!hash.startsWith("STREAMING-")) {
    return sha256(body) === hash
      ? { kind: "good", body }
      : refused("XAmzContentSHA256Mismatch", 400)
  }
  const signed = hash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
  const chunkSignature = (earlier: string, data: Buffer) =>
    hmac(
      key,
      ["AWS4-HMAC-SHA256-PAYLOAD", date, scope, earlier, sha256(""), sha256(data)].join("\n"),
    ).toString("hex")
  return dechunk(body, signature, signed ? chunkSignature : undefined)
}

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

/** Takes the framing of `aws-chunked` off: size, signature, data, and trailers at the end. */
function dechunk(
  body: Buffer,
  seed: string,
  signatureOf: ((earlier: string, data: Buffer) => string) | undefined,
): Checked {
  const parts: Buffer[] = []
  let earlier = seed
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf("\r\n", at)
    if (lineEnd < 0) return refused("IncompleteBody", 400)
    const [size = "", extension = ""] = body.toString("latin1", at, lineEnd).split(";")
    const length = Number.parseInt(size, 16)
    if (!Number.isInteger(length)) return refused("InvalidChunkSizeError", 400)
    const data = body.subarray(lineEnd + 2, lineEnd + 2 + length)
    if (data.length < length) return refused("IncompleteBody", 400)
    if (signatureOf !== undefined) {
      const expected = signatureOf(earlier, data)
      if (extension !== `chunk-signature=${expected}`) return refused("SignatureDoesNotMatch", 403)
      earlier = expected
    }
    if (length === 0) return { kind: "good", body: Buffer.concat(parts) }
    parts.push(data)
    at = lineEnd + 2 + length + 2
  }
}

export function splitUrl(url: string): { readonly pathname: string; readonly search: string } {
  const mark = url.indexOf("?")
  return mark < 0
    ? { pathname: url, search: "" }
    : { pathname: url.slice(0, mark), search: url.slice(mark + 1) }
}

function canonicalQuery(search: string): string {
  return [...new URLSearchParams(search)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&")
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(",") : (value ?? "")
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest()
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex")
}

function refused(code: string, status: number): Checked {
  return { kind: "refused", code, status }
}

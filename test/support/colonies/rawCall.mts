import { readExact } from "./exact.mts"
import { sign } from "./identity.mts"

export interface RawReply {
  readonly status: number
  readonly body: string
  readonly type: string
  readonly error: boolean
  /** Integers are bigint. */
  readonly value: unknown
}

/** One signed request, with none of the product's own client in it. */
export async function rawCall(
  server: { readonly host: string; readonly port: number },
  privateKey: string,
  message: { readonly msgtype: string },
): Promise<RawReply> {
  const payload = Buffer.from(JSON.stringify(message)).toString("base64")
  const signature = sign(payload, privateKey)
  const response = await fetch(`http://${server.host}:${server.port}/api`, {
    method: "POST",
    body: JSON.stringify({ payloadtype: message.msgtype, payload, signature }),
  })
  const body = await response.text()
  // Some refusals come as two envelopes in one body: the first one counts.
  const first = body.slice(0, body.indexOf("}") + 1) || '{"payload":"bnVsbA=="}'
  const { payloadtype, payload: inner, error } = JSON.parse(first)
  const value = readExact(Buffer.from(inner, "base64").toString())
  return { status: response.status, body, type: payloadtype, error, value }
}

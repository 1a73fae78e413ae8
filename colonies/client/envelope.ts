import { ColonyError, refused } from "./colonyError.ts"
import { firstValue, parseExact, stringifyExact } from "./exactJson.ts"
import type { Identity } from "./identity.ts"

/** The body of a signed request. */
export function seal(type: string, fields: object, identity: Identity | undefined): string {
  const payload = Buffer.from(stringifyExact({ msgtype: type, ...fields })).toString("base64")
  return JSON.stringify({
    payloadtype: type,
    payload,
    signature: identity?.sign(payload) ?? "",
  })
}

/** What a reply says; fails with what the server refused. An absent list is null. */
export function open(
  body: string,
  from: string,
): { readonly type: string; readonly value: unknown } {
  // Two membership checks of the server answer with nothing at all.
  if (body.trim() === "") {
    throw refused(403, "an empty reply, which means: not a member of this colony")
  }
  const envelope = readEnvelope(body)
  if (envelope === undefined) {
    throw new ColonyError(
      "server",
      `${from} did not answer as a Colonies server does: "${body.slice(0, 80)}". Check its address.`,
    )
  }
  const { payloadtype, payload, error } = envelope
  const value = parseExact(Buffer.from(payload, "base64").toString("utf8"))
  if (!error) return { type: payloadtype, value }
  const { status = 500, message = "an error without words" } = value as Partial<Failure>
  throw refused(status, message)
}

interface Envelope {
  readonly payloadtype: string
  readonly payload: string
  readonly error: boolean
}

interface Failure {
  readonly status: number
  readonly message: string
}

function readEnvelope(body: string): Envelope | undefined {
  try {
    const value = JSON.parse(firstValue(body)) as Partial<Envelope> | null
    const { payloadtype, payload, error } = value ?? {}
    if (typeof payloadtype !== "string" || typeof payload !== "string") return undefined
    return { payloadtype, payload, error: error === true }
  } catch {
    return undefined
  }
}

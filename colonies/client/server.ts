import { Agent, type Dispatcher } from "undici"
import { pause } from "../pause.ts"
import { ColonyError } from "./colonyError.ts"
import { open, seal } from "./envelope.ts"
import { type Identity, identityOf } from "./identity.ts"
import { isRepeatable, type Messages, type MessageType } from "./messages.ts"

/** Where a Colonies server is, and as whom one speaks to it. */
export interface ServerSettings {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** Accept any certificate. */
  readonly skipVerify?: boolean
  /** 64 hex characters; undefined = nobody, who may only ask for the server's version. */
  readonly privateKey?: string
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** How long the server may take; a long poll takes its own time and some more. */
  readonly timeoutMs?: number
}

export interface ColoniesServer {
  /** `host:port`, for people. */
  readonly address: string
  /** The id that signatures lead to; undefined for nobody. */
  readonly id: string | undefined
  readonly webSocketUrl: string
  readonly dispatcher: Dispatcher
  /** Fails with a ColonyError, or with the signal's reason. Errors of the network are tried again. */
  call<Type extends MessageType>(
    type: Type,
    fields: Messages[Type]["fields"],
    options?: CallOptions,
  ): Promise<Messages[Type]["reply"]>
  /** A signed request for what does not go through `call`. */
  seal(type: string, fields: object): string
  close(): Promise<void>
}

const answerMs = 30_000
/** Between one try and the next, each with up to half of it added. */
const pausesMs = [200, 400, 800, 1_600, 3_200]

export function connectColonies(settings: ServerSettings): ColoniesServer {
  const identity = identityOfSettings(settings)
  const address = `${settings.host}:${settings.port}`
  const scheme = settings.tls ? "https" : "http"
  const dispatcher = new Agent({
    // A server that went away without a word is noticed here, not by who waits.
    keepAliveTimeout: 30_000,
    connect: { timeout: 10_000, rejectUnauthorized: settings.skipVerify !== true },
  })

  async function post(body: string, { signal, timeoutMs = answerMs }: CallOptions) {
    const response = await dispatcher.request({
      origin: `${scheme}://${address}`,
      path: "/api",
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "kube-executions" },
      body,
      signal: signal ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
    return response.body.text()
  }

  return {
    address,
    id: identity?.id,
    webSocketUrl: `${settings.tls ? "wss" : "ws"}://${address}/pubsub`,
    dispatcher,
    seal: (type, fields) => seal(type, fields, identity),
    async call(type, fields, options = {}) {
      const body = seal(type, fields, identity)
      for (let tried = 0; ; tried += 1) {
        try {
          return open(await post(body, options), address).value as Messages[typeof type]["reply"]
        } catch (error) {
          options.signal?.throwIfAborted()
          if (error instanceof ColonyError) throw error
          const pauseMs = pausesMs[tried]
          if (pauseMs === undefined || !(neverArrived(error) || isRepeatable(type))) {
            throw offline(error, settings, address)
          }
          await pause(pauseMs * (1 + Math.random() / 2), options.signal)
        }
      }
    },
    close: () => dispatcher.destroy(),
  }
}

function identityOfSettings({ privateKey }: ServerSettings): Identity | undefined {
  if (privateKey === undefined) return undefined
  const identity = identityOf(privateKey)
  if (identity !== undefined) return identity
  throw new ColonyError(
    "config",
    "The Colonies private key is not one: it must be 64 hexadecimal characters. Look at COLONIES_PRVKEY or at the profile's key.",
  )
}

/** The request was not sent: there was no connection to send it on. */
function neverArrived(error: unknown): boolean {
  return unsent.has(codeOf(error))
}

const unsent: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
])

function offline(error: unknown, settings: ServerSettings, address: string): ColonyError {
  const text = error instanceof Error ? error.message : String(error)
  if (settings.tls && /wrong version number|packet length too long/i.test(text)) {
    return new ColonyError(
      "config",
      `The Colonies server at ${address} speaks plain HTTP, not TLS. Set COLONIES_TLS to "false" or turn TLS off in the profile.`,
    )
  }
  if (settings.tls && /certificate|self.signed/i.test(`${text} ${codeOf(error)}`)) {
    return new ColonyError(
      "config",
      `The certificate of the Colonies server at ${address} is not trusted: ${text}. Trust its authority (NODE_EXTRA_CA_CERTS) or let the profile skip the check.`,
    )
  }
  return new ColonyError(
    "offline",
    `The Colonies server at ${address} cannot be reached: ${text}. Check its address and whether it runs.`,
  )
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return typeof code === "string" ? code : ""
}

import type { PlaceFault } from "./protocol.ts"

/**
 * What a cluster refuses, in the few words the engine acts on: again with back-off (`busy`,
 * `offline`, `server`, `full`, `not-ready`), read again and derive anew (`conflict`), list anew (`gone`), or tell the
 * user (the rest).
 */
export type ClusterErrorKind =
  | "not-found"
  | "already-exists"
  | "conflict"
  | "forbidden"
  | "unauthorized"
  | "invalid"
  | "too-large"
  | "gone"
  | "busy"
  | "server"
  | "offline"
  /** This machine's disk has no room. */
  | "full"
  /** This machine has nothing to run containers or commands in, or not all of it yet. */
  | "not-ready"
  | "login"
  | "config"

/** What a way out needs to know of a fault, beside the sentence. */
export interface ErrorFacts {
  readonly fault: PlaceFault
  /** The file that cannot be read, and the line counted from one. */
  readonly file?: string
  readonly line?: number
  /** The login plug-in, as the kubeconfig has it. */
  readonly command?: string
  readonly context?: string
}

export class ClusterError extends Error {
  override readonly name = "ClusterError"

  readonly kind: ClusterErrorKind
  /** How long the server asked us to wait. */
  readonly retryAfterMs: number | undefined
  readonly facts: ErrorFacts | undefined

  constructor(kind: ClusterErrorKind, message: string, retryAfterMs?: number, facts?: ErrorFacts) {
    super(message)
    this.facts = facts
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }

  /** The same request may succeed later without anybody changing anything. */
  get isPassing(): boolean {
    return ["busy", "server", "offline", "full", "not-ready"].includes(this.kind)
  }
}

/** The same in the few kinds that people are offered a way out of. */
export function factsOf({ kind, facts }: ClusterError): ErrorFacts {
  if (facts) return facts
  switch (kind) {
    case "unauthorized":
      return { fault: "expired" }
    case "forbidden":
      return { fault: "forbidden" }
    case "login":
      return { fault: "plugin" }
    case "busy":
    case "server":
    case "offline":
      return { fault: "unreachable" }
    case "config":
      return { fault: "broken" }
    case "not-ready":
      return { fault: "not-ready" }
    default:
      return { fault: "other" }
  }
}

/**
 * What a cluster refuses, in the few words the engine acts on: again with back-off (`busy`,
 * `offline`, `server`), read again and derive anew (`conflict`), list anew (`gone`), or tell the
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
  | "login"
  | "config"

export class ClusterError extends Error {
  override readonly name = "ClusterError"

  readonly kind: ClusterErrorKind
  /** How long the server asked us to wait. */
  readonly retryAfterMs: number | undefined

  constructor(kind: ClusterErrorKind, message: string, retryAfterMs?: number) {
    super(message)
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }

  /** The same request may succeed later without anybody changing anything. */
  get isPassing(): boolean {
    return this.kind === "busy" || this.kind === "server" || this.kind === "offline"
  }
}

import type { Refusal, RefusalKind } from "#core/run/observed"
import type { ClusterError } from "./clusterError.ts"

const firstWaitMs = 1_000
const longestWaitMs = 30_000
/** A quota may be freed and a right may be given at any time. */
const worldWaitMs = 15_000

/** What a refused creation means for the step, and when it is worth trying again. */
export function refusalOf(error: ClusterError, before: Refusal | undefined, now: number): Refusal {
  const kind = kindOf(error)
  const since = before?.kind === kind ? before.since : now
  return { kind, message: error.message, since, retryAt: retryAt(kind, error, since, now) }
}

function kindOf({ kind, message }: ClusterError): RefusalKind {
  switch (kind) {
    case "forbidden":
      if (message.includes("exceeded quota")) return "quota"
      if (message.includes("is being terminated")) return "namespace-terminating"
      if (message.includes("admission webhook")) return "webhook"
      return "forbidden"
    case "not-found":
      return /namespaces? "/.test(message) ? "namespace-missing" : "other"
    case "invalid":
    case "too-large":
      return message.includes("admission webhook") ? "webhook" : "invalid"
    case "busy":
      return "throttled"
    case "offline":
    case "unauthorized":
    case "login":
      return "unreachable"
    case "server":
      return message.includes("failed calling webhook") ? "webhook" : "unreachable"
    case "conflict":
      // Two requests counted against one quota at the same moment.
      return "throttled"
    default:
      return "other"
  }
}

function retryAt(
  kind: RefusalKind,
  error: ClusterError,
  since: number,
  now: number,
): number | undefined {
  switch (kind) {
    case "invalid":
    case "namespace-missing":
    case "namespace-terminating":
      return undefined
    case "webhook":
      // One that cannot be called may come back; one that said no will say no again.
      return error.kind === "server" ? now + worldWaitMs : undefined
    case "quota":
    case "forbidden":
      return now + worldWaitMs
    default: {
      const grown = Math.min(firstWaitMs + (now - since), longestWaitMs)
      return now + (error.retryAfterMs ?? grown)
    }
  }
}

import { ClusterError, type ClusterErrorKind } from "../clusterError.ts"

/** The API server's answer to a request that failed, as one of our errors with its own sentence. */
export function fromResponse(
  status: number,
  body: string,
  retryAfter: string | undefined,
): ClusterError {
  const { reason, message } = readStatus(body)
  const seconds = Number(retryAfter)
  const waitMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
  const text =
    (status === 401 ? notLoggedIn : undefined) ??
    (message && ownWords(message)) ??
    `the API server answered ${status}${body ? `: ${body.slice(0, 300)}` : ""}`
  return new ClusterError(kindOf(status, reason), text, waitMs)
}

const notLoggedIn =
  "The cluster does not accept the login of the kubeconfig (401 Unauthorized). It may have expired: log in again, or choose another context."

/** RBAC's refusals name verb and resource in a fixed form; said shorter, they fit in a row of a tree. */
function ownWords(message: string): string {
  const match =
    /User "([^"]*)" cannot (\w+) resource "([^"]*)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]*)")?/.exec(
      message,
    )
  if (!match) return message
  const [, user, verb, resource, group, namespace] = match
  const what = group ? `${resource}.${group}` : resource
  const role =
    resource === "configmaps" ? "kube-executions-user-without-definition" : "kube-executions-user"
  return `You may not ${verb} ${what}${namespace ? ` in "${namespace}"` : ""} (user "${user}"). Ask for the Role "${role}" in deploy/rbac.yaml.`
}

/** A request that got no answer: the network, TLS or the login in front of it. */
export function fromFailure(error: unknown, server: string): ClusterError {
  if (error instanceof ClusterError) return error
  const code = codeOf(error)
  const text = textOf(error)
  if (code.startsWith("CERT_") || code.includes("SIGNED_CERT") || code.includes("UNABLE_TO_")) {
    return new ClusterError(
      "config",
      `The certificate of ${server} is not trusted (${code}). Check certificate-authority in the kubeconfig.`,
    )
  }
  return new ClusterError("offline", `${server} cannot be reached: ${sentence(code, text)}.`)
}

function sentence(code: string, text: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return "the connection was refused"
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name cannot be looked up"
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
      return "the connection was cut"
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
      return "no answer in time"
    default:
      return text.replace(/\.$/, "")
  }
}

function kindOf(status: number, reason: string | undefined): ClusterErrorKind {
  if (reason === "AlreadyExists") return "already-exists"
  if (reason === "Expired" || reason === "Gone") return "gone"
  switch (status) {
    case 400:
    case 422:
      return "invalid"
    case 401:
      return "unauthorized"
    case 403:
      return "forbidden"
    case 404:
      return "not-found"
    case 409:
      return "conflict"
    case 410:
      return "gone"
    case 413:
      return "too-large"
    case 429:
      return "busy"
    default:
      return status >= 500 ? "server" : "invalid"
  }
}

function readStatus(body: string): { reason?: string; message?: string } {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== "object" || value === null) return {}
    const { reason, message } = value as { reason?: unknown; message?: unknown }
    return {
      ...(typeof reason === "string" ? { reason } : {}),
      ...(typeof message === "string" ? { message } : {}),
    }
  } catch {
    return {}
  }
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown }
    if (typeof code === "string") return code
  }
  return ""
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

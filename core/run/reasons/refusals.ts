import type { Refusal } from "../observed.ts"
import { type Reason, reason, shorten } from "./reason.ts"

/** Why the server takes no Job of this step. */
export function refusalReason(refusal: Refusal, job: string, namespace: string): Reason {
  const found = serverReason(refusal.message, namespace, "Job") ?? plain(refusal, namespace)
  return {
    ...found,
    since: refusal.since,
    evidence: [
      { source: "server", object: `Job/${job}`, text: refusal.message, at: refusal.since },
    ],
  }
}

/** What stands in a message of the API server, be it about a Job or about a Job's pod. */
export function serverReason(
  message: string,
  namespace: string,
  what: "Job" | "pod",
): Reason | undefined {
  const stuck = { isStuck: true }
  const quota = /exceeded quota: ([^,]+),([\s\S]*)/.exec(message)
  if (quota) {
    const numbers = quotaNumbers(quota[2] ?? "")
    return reason("quota", `quota "${quota[1]}" in "${namespace}" is used up${numbers}`, stuck)
  }
  const mustSay = /failed quota: ([^:]+): must specify ([^;]+)/.exec(message)
  if (mustSay) {
    return reason(
      "quota",
      `quota "${mustSay[1]}" in "${namespace}" wants ${mustSay[2]?.trim()} to be set`,
      stuck,
    )
  }
  if (/(maximum|minimum) [\w.-]+ usage per|max limit to request ratio/i.test(message)) {
    const rule = /(?:maximum|minimum|[\w.-]+ max limit)[\s\S]*$/i.exec(message)?.[0] ?? message
    const field = /memory/i.test(rule) ? "memory" : /cpu/i.test(rule) ? "cpu" : undefined
    return reason(
      "limit-range",
      `a LimitRange in "${namespace}" does not allow it: ${shorten(rule)}`,
      {
        ...stuck,
        field,
      },
    )
  }
  const security = /violates PodSecurity "([^"]+)": ([\s\S]*)/.exec(message)
  if (security) {
    return reason(
      "pod-security",
      `Pod Security "${security[1]?.split(":")[0]}" in "${namespace}" does not allow it: ${shorten(security[2] ?? "")}`,
      { ...stuck, field: "jobTemplate" },
    )
  }
  const denied =
    /admission webhook "([^"]+)" denied the request(?:: ([\s\S]*)| without explanation)/.exec(
      message,
    )
  if (denied) {
    const why = denied[2] === undefined ? "" : `: ${shorten(denied[2])}`
    return reason("webhook", `webhook "${denied[1]}" refused the ${what}${why}`, stuck)
  }
  const policy = /ValidatingAdmissionPolicy '([^']+)'[^:]*denied request: ([\s\S]*)/.exec(message)
  if (policy) {
    return reason(
      "webhook",
      `policy "${policy[1]}" refused the ${what}: ${shorten(policy[2] ?? "")}`,
      stuck,
    )
  }
  const silent = /failed calling webhook "([^"]+)"/.exec(message)
  if (silent) {
    return reason(
      "webhook",
      `webhook "${silent[1]}" does not answer, so no ${what} can be created`,
      stuck,
    )
  }
  const account = /serviceaccount "([^"]+)" not found/i.exec(message)
  if (account) {
    return reason(
      "service-account",
      `ServiceAccount "${account[1]}" does not exist in "${namespace}"`,
      {
        ...stuck,
        field: "jobTemplate",
      },
    )
  }
  if (/because it is being terminated/.test(message)) {
    return reason("namespace", `namespace "${namespace}" is being deleted`, stuck)
  }
  const priority = /no PriorityClass with name (\S+) was found/.exec(message)
  if (priority) {
    return reason("invalid", `PriorityClass "${priority[1]}" does not exist`, {
      ...stuck,
      field: "jobTemplate",
    })
  }
  const right =
    /cannot (\w+) resource "([^"]+)" in API group "[^"]*"(?: in the namespace "([^"]+)")?/.exec(
      message,
    )
  if (right) {
    const where = right[3] === undefined ? "" : ` in "${right[3]}"`
    return reason(
      "forbidden",
      `you may not ${right[1]} ${right[2] === "jobs" ? "Jobs" : right[2]}${where}`,
      stuck,
    )
  }
  return undefined
}

/** ", 64 of 64 cpu": only what the request would have gone beyond. */
function quotaNumbers(text: string): string {
  const amounts = (word: string) =>
    new Map(
      (new RegExp(`${word}: ([^ ]+(?:,[^ ]+)*)`).exec(text)?.[1] ?? "")
        .split(",")
        .map((pair) => pair.split("=") as [string, string | undefined]),
    )
  const used = amounts("used")
  const limited = amounts("limited")
  const words = [...limited].flatMap(([name, most]) =>
    most === undefined ? [] : [`${used.get(name) ?? "?"} of ${most} ${quotaWord(name)}`],
  )
  return words.length === 0 ? "" : `: ${words.join(", ")}`
}

function quotaWord(name: string): string {
  if (name === "requests.cpu" || name === "cpu") return "CPUs"
  if (name === "limits.cpu") return "CPUs (limits)"
  if (name === "requests.memory" || name === "memory") return "memory"
  if (name === "limits.memory") return "memory (limits)"
  return name.replace(/^count\//, "")
}

function plain(refusal: Refusal, namespace: string): Reason {
  const said = shorten(refusal.message)
  switch (refusal.kind) {
    case "quota":
      return reason("quota", `a quota in "${namespace}" is used up: ${said}`, { isStuck: true })
    case "forbidden":
      return reason("forbidden", `you may not create Jobs in "${namespace}": ${said}`, {
        isStuck: true,
      })
    case "webhook":
      return reason("webhook", `a webhook refused the Job: ${said}`, { isStuck: true })
    case "invalid":
      return reason("invalid", `the server refused the Job: ${said}`, { isStuck: true })
    case "namespace-terminating":
      return reason("namespace", `namespace "${namespace}" is being deleted`, { isStuck: true })
    case "namespace-missing":
      return reason("namespace", `namespace "${namespace}" does not exist`, { isStuck: true })
    case "throttled":
      return reason("creating", "the server asked to wait before more Jobs are created")
    case "unreachable":
      return reason("unreachable", "the server cannot be reached; trying again")
    case "other":
      return reason("other", `the Job could not be created: ${said}`, { isStuck: true })
  }
}

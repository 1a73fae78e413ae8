import type { Refusal } from "../observed.ts"
import { type CausingField, type Reason, type ReasonKind, reason, shorten } from "./reason.ts"

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
  for (const { kind, pattern, field, sentence } of sayings) {
    const match = pattern.exec(message)
    if (match === null) continue
    const [, first = "", second = ""] = match
    return reason(kind, sentence({ first, second, namespace, what }), {
      isStuck: true,
      field: typeof field === "function" ? field(match[0]) : field,
    })
  }
  return undefined
}

interface Saying {
  readonly kind: ReasonKind
  readonly pattern: RegExp
  readonly field?: CausingField | ((text: string) => CausingField | undefined)
  readonly sentence: (said: Said) => string
}

interface Said {
  /** What the pattern's groups hold. */
  readonly first: string
  readonly second: string
  readonly namespace: string
  readonly what: "Job" | "pod"
}

/** What API servers say, and what we make of it. The first that matches counts. */
const sayings: readonly Saying[] = [
  {
    kind: "quota",
    pattern: /exceeded quota: ([^,]+),([\s\S]*)/,
    sentence: ({ first, second, namespace }) =>
      `quota "${first}" in "${namespace}" is used up${quotaNumbers(second)}`,
  },
  {
    kind: "quota",
    pattern: /failed quota: ([^:]+): must specify ([^;]+)/,
    sentence: ({ first, second, namespace }) =>
      `quota "${first}" in "${namespace}" wants ${second.trim()} to be set`,
  },
  {
    kind: "limit-range",
    pattern:
      /((?:maximum|minimum) [\w.-]+ usage per[\s\S]*|[\w.-]+ max limit to request ratio[\s\S]*)/i,
    field: (text) => (/memory/i.test(text) ? "memory" : /cpu/i.test(text) ? "cpu" : undefined),
    sentence: ({ first, namespace }) =>
      `a LimitRange in "${namespace}" does not allow it: ${shorten(first)}`,
  },
  {
    kind: "pod-security",
    pattern: /violates PodSecurity "([^":]+)[^"]*": ([\s\S]*)/,
    field: "jobTemplate",
    sentence: ({ first, second, namespace }) =>
      `Pod Security "${first}" in "${namespace}" does not allow it: ${shorten(second)}`,
  },
  {
    kind: "webhook",
    pattern: /admission webhook "([^"]+)" denied the request(?:: ([\s\S]*)| without explanation)/,
    sentence: ({ first, second, what }) =>
      `webhook "${first}" refused the ${what}${second === "" ? "" : `: ${shorten(second)}`}`,
  },
  {
    kind: "webhook",
    pattern: /ValidatingAdmissionPolicy '([^']+)'[^:]*denied request: ([\s\S]*)/,
    sentence: ({ first, second, what }) =>
      `policy "${first}" refused the ${what}: ${shorten(second)}`,
  },
  {
    kind: "webhook",
    pattern: /failed calling webhook "([^"]+)"/,
    sentence: ({ first, what }) =>
      `webhook "${first}" does not answer, so no ${what} can be created`,
  },
  {
    kind: "service-account",
    pattern: /serviceaccount "([^"]+)" not found/i,
    field: "jobTemplate",
    sentence: ({ first, namespace }) =>
      `ServiceAccount "${first}" does not exist in "${namespace}"`,
  },
  {
    kind: "namespace",
    pattern: /because it is being terminated/,
    sentence: ({ namespace }) => `namespace "${namespace}" is being deleted`,
  },
  {
    kind: "namespace",
    pattern: /namespaces "([^"]+)" not found/,
    sentence: ({ first }) => `namespace "${first}" does not exist`,
  },
  {
    kind: "invalid",
    pattern: /no PriorityClass with name (\S+) was found/,
    field: "jobTemplate",
    sentence: ({ first }) => `PriorityClass "${first}" does not exist`,
  },
  {
    kind: "forbidden",
    pattern: /cannot (\w+) resource "([^"]+)" in API group/,
    sentence: ({ first, second, namespace }) =>
      `you may not ${first} ${second === "jobs" ? "Jobs" : second} in "${namespace}"`,
  },
]

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

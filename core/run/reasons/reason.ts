/**
 * Why a step waits or failed: one sentence without a subject ("ran out of memory: …"), fit to
 * follow a step's name. It holds nothing that changes by itself, such as a running time.
 */
export interface Reason {
  readonly kind: ReasonKind
  readonly sentence: string
  readonly evidence: readonly Evidence[]
  /** Since when it is so, where that is known. */
  readonly since: number | undefined
  /** Nothing will get better without somebody or something else acting. */
  readonly isStuck: boolean
  /** The field of the task that caused it, where one did. */
  readonly field: CausingField | undefined
}

const reasonKinds = [
  "dependency",
  "parallelism",
  "suspended",
  "creating",
  "scheduling",
  "autoscaler",
  "pulling",
  "starting",
  "no-node",
  "quota",
  "limit-range",
  "pod-security",
  "webhook",
  "forbidden",
  "service-account",
  "namespace",
  "name-taken",
  "unreachable",
  "invalid",
  "image",
  "config",
  "volume",
  "claim",
  "no-shell",
  "not-found",
  "not-executable",
  "out-of-memory",
  "killed",
  "crashed",
  "exit-code",
  "deadline",
  "evicted",
  "preempted",
  "node-lost",
  "result",
  "deleted",
  "stopped",
  "try-failed",
  "other",
] as const

export type ReasonKind = (typeof reasonKinds)[number]

export type CausingField =
  | "image"
  | "command"
  | "memory"
  | "cpu"
  | "volumes"
  | "activeDeadlineSeconds"
  | "nodeSelector"
  | "jobTemplate"

/** What the sentence was made from, in Kubernetes' own words. */
export interface Evidence {
  readonly source: "job" | "pod" | "container" | "event" | "server" | "status"
  /** For example `Pod/align.17-x7k2p`. */
  readonly object: string
  readonly text: string
  readonly at: number | undefined
}

export function reason(
  kind: ReasonKind,
  sentence: string,
  rest: Partial<Omit<Reason, "kind" | "sentence">> = {},
): Reason {
  const { evidence = [], since, isStuck = false, field } = rest
  return { kind, sentence, evidence, since, isStuck, field }
}

/** Kubernetes' messages can be pages long; the whole of it stays in the evidence. */
export function shorten(text: string, most = 200): string {
  const line = text.replace(/\s+/g, " ").trim()
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}

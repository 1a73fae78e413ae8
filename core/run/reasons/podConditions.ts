import type { PodCondition, PodFacts } from "../observed.ts"
import { type Reason, reason, shorten } from "./reason.ts"

/** Why no node takes the pod; undefined once one has. */
export function schedulingWait(pod: PodFacts): Reason | undefined {
  const condition = pod.conditions.find((one) => one.type === "PodScheduled" && !one.isTrue)
  if (condition === undefined) return undefined
  if (condition.reason === "SchedulingGated") {
    return reason("scheduling", "a scheduling gate holds the pod back", {
      isStuck: true,
      since: condition.at,
      evidence: [evidence(pod, condition)],
    })
  }
  if (condition.reason !== "Unschedulable" && condition.reason !== "SchedulerError") {
    return undefined
  }
  return { ...unschedulable(pod, condition), evidence: [evidence(pod, condition)] }
}

function unschedulable(pod: PodFacts, condition: PodCondition): Reason {
  const { message } = condition
  const rest = { isStuck: true, since: condition.at }
  const claim = /persistentvolumeclaim "([^"]+)" (not found|is being deleted)/.exec(message)
  if (claim) {
    const what = claim[2] === "not found" ? "does not exist" : "is being deleted"
    return reason("claim", `claim "${claim[1]}" ${what}`, { ...rest, field: "volumes" })
  }
  if (/unbound immediate PersistentVolumeClaims/.test(message)) {
    return reason("volume", "its claim waits for a volume that fits", { ...rest, field: "volumes" })
  }
  if (/bound to non-existent persistentvolume/.test(message)) {
    return reason("volume", "the volume of its claim is gone", { ...rest, field: "volumes" })
  }
  if (/^all \d+ places of this machine are taken$/.test(message)) {
    return reason("no-node", `waits for a free place: ${message}`, { since: condition.at })
  }
  if (/^the run was begun with /.test(message)) return reason("no-node", message, rest)
  const counts = /^(\d+)\/(\d+) nodes are available: ?([\s\S]*)$/.exec(message)
  if (counts === null) {
    const sentence = /no nodes available/.test(message)
      ? "the cluster has no node"
      : `no node takes it: ${shorten(message)}`
    return reason("no-node", sentence, rest)
  }
  const all = Number(counts[2])
  // What the scheduler tried after that (preemption, taking claims back) follows in sentences of its own.
  const faults = (counts[3] ?? "").replace(/\.(?:\s+[a-z][\s\S]*)?$/, "")
  const parts = faults.split(/, (?=\d+ )/).map((fault) => nodeFault(pod, fault, all))
  const words = joinFaults(parts, all)
  return reason("no-node", `no node has room: ${words}`, {
    ...rest,
    field: parts.map((part) => part.field).find((field) => field !== undefined),
  })
}

interface NodeFault {
  readonly nodes: number
  /** For one node and for more. */
  readonly one: string
  readonly many: string
  readonly field: Reason["field"]
}

function nodeFault(pod: PodFacts, text: string, all: number): NodeFault {
  const match = /^(\d+) (?:node\(s\) )?([\s\S]*)$/.exec(text.trim())
  const nodes = match === null ? all : Number(match[1])
  const what = match?.[2] ?? text.trim()
  const lacking = /^Insufficient (.+)$/.exec(what)?.[1]
  if (lacking !== undefined) {
    const amount = requested(pod, lacking)
    const thing = amount === undefined ? lacking : `${amount} of ${lacking}`
    const field = lacking === "memory" || lacking === "cpu" ? lacking : "jobTemplate"
    return { nodes, one: `lacks ${thing}`, many: `lack ${thing}`, field }
  }
  const taint = /taint(?:s)? (?:\(s\) )?\{([^:}]+)/.exec(what)?.[1]?.trim()
  if (taint !== undefined) {
    return {
      nodes,
      one: `has the taint "${taint}"`,
      many: `have the taint "${taint}"`,
      field: undefined,
    }
  }
  if (/node affinity\/selector|node selector|node affinity/.test(what) && !/volume/.test(what)) {
    return {
      nodes,
      one: "does not match the node selector or affinity",
      many: "do not match the node selector or affinity",
      field: "nodeSelector",
    }
  }
  if (/were unschedulable/.test(what)) {
    return {
      nodes,
      one: "is closed for new pods",
      many: "are closed for new pods",
      field: undefined,
    }
  }
  if (/volume node affinity/.test(what)) {
    return {
      nodes,
      one: "cannot reach the volume",
      many: "cannot reach the volume",
      field: "volumes",
    }
  }
  if (/Too many pods/.test(what)) {
    return { nodes, one: "is full of pods", many: "are full of pods", field: undefined }
  }
  const other = shorten(what, 80)
  return { nodes, one: `has: ${other}`, many: `have: ${other}`, field: undefined }
}

/** "2 of 3 lack 8Gi of memory, 1 has the taint "gpu"": the total is said once. */
function joinFaults(faults: readonly NodeFault[], all: number): string {
  return faults
    .toSorted((a, b) => b.nodes - a.nodes)
    .map((fault, index) => {
      const count = index === 0 && all > 1 ? `${fault.nodes} of ${all}` : `${fault.nodes}`
      const who = all === 1 ? "the only one" : count
      return `${who} ${fault.nodes === 1 ? fault.one : fault.many}`
    })
    .join(", ")
}

function requested(pod: PodFacts, resource: string): string | undefined {
  const amounts = pod.containers.flatMap((container) => container.requests[resource] ?? [])
  return amounts.length === 1 ? amounts[0] : undefined
}

/** Why the cluster, not the command, ended the pod; undefined when it did not. */
export function disruption(pod: PodFacts): Reason | undefined {
  const condition = pod.conditions.find((one) => one.type === "DisruptionTarget" && one.isTrue)
  const node = pod.node === undefined ? "its node" : `node "${pod.node}"`
  const seen = condition
    ? [evidence(pod, condition)]
    : [{ source: "pod" as const, object: `Pod/${pod.name}`, text: podText(pod), at: undefined }]
  const rest = { since: condition?.at, evidence: seen }
  switch (condition?.reason ?? pod.reason) {
    case "EvictionByEvictionAPI":
      return reason("evicted", `${node} was drained`, rest)
    case "PreemptionByScheduler":
    case "Preempting":
      return reason("preempted", `gave way to a more important pod on ${node}`, rest)
    case "DeletionByTaintManager":
    case "DeletionByPodGC":
    case "NodeLost":
      return reason("node-lost", `${node} is gone`, rest)
    case "TerminationByKubelet":
    case "Evicted":
      return reason("evicted", evictionSentence(pod, node), rest)
    case "Terminated":
    case "NodeShutdown":
      return reason("node-lost", `${node} was shut down`, rest)
    case "MachineReboot":
      return reason("node-lost", "the machine was started anew while it ran", rest)
    case "UnexpectedAdmissionError":
    case "OutOfcpu":
    case "OutOfmemory":
    case "OutOfpods":
      return reason("evicted", `${node} had no room for it after all`, rest)
    default:
      return undefined
  }
}

function evictionSentence(pod: PodFacts, node: string): string {
  const low = /low on resource: ([\w-]+)/.exec(pod.message ?? "")?.[1]
  if (low !== undefined) return `was evicted: ${node} ran low on ${low}`
  if (/ephemeral/.test(pod.message ?? "")) {
    return "was evicted: it wrote more to its local disk than it may"
  }
  return `was evicted from ${node}${pod.message === undefined ? "" : `: ${shorten(pod.message)}`}`
}

function podText(pod: PodFacts): string {
  return pod.message === undefined ? (pod.reason ?? "") : `${pod.reason}: ${pod.message}`
}

function evidence(pod: PodFacts, condition: PodCondition) {
  return {
    source: "pod" as const,
    object: `Pod/${pod.name}`,
    text: `${condition.type} ${condition.reason}: ${condition.message}`,
    at: condition.at,
  }
}

import type { EventFacts } from "../observed.ts"
import { type Reason, reason, shorten } from "./reason.ts"
import { serverReason } from "./refusals.ts"

/** Why the Job gets no pod, from the events on the Job. */
export function jobEventWait(
  job: string,
  namespace: string,
  events: readonly EventFacts[],
): Reason | undefined {
  const event = newest(events, (one) => one.reason === "FailedCreate")
  if (event === undefined) return undefined
  const message = event.message.replace(/^Error creating: /, "")
  const found =
    serverReason(message, namespace, "pod") ??
    reason("other", `no pod can be created: ${shorten(message)}`, { isStuck: true })
  return withEvent(found, `Job/${job}`, event)
}

/** What holds up a pod that has a node, or is about to get one, from the events on the pod. */
export function podEventWait(
  pod: string,
  image: string,
  events: readonly EventFacts[],
): Reason | undefined {
  const last = events.toSorted((a, b) => b.lastAt - a.lastAt)
  for (const event of last) {
    const found = podEvent(image, event)
    if (found === "fine") return undefined
    if (found !== undefined) return withEvent(found, `Pod/${pod}`, event)
  }
  return undefined
}

/** Whether the autoscaler has promised a node. */
export function scaleUp(pod: string, events: readonly EventFacts[]): Reason | undefined {
  const event = newest(events, (one) => one.reason === "TriggeredScaleUp")
  const refused = newest(events, (one) => one.reason === "NotTriggerScaleUp")
  if (event === undefined || (refused !== undefined && refused.lastAt > event.lastAt)) {
    return undefined
  }
  return withEvent(reason("autoscaler", "the cluster is adding a node"), `Pod/${pod}`, event)
}

function podEvent(image: string, event: EventFacts): Reason | "fine" | undefined {
  switch (event.reason) {
    case "Pulling":
      return reason("pulling", `pulls the image "${image}"`)
    case "Pulled":
    case "Created":
    case "Started":
      return "fine"
    case "FailedMount":
    case "FailedAttachVolume":
    case "FailedMapVolume":
      return reason("volume", volumeFault(event.message), { isStuck: true, field: "volumes" })
    case "FailedCreatePodSandBox":
      return reason("starting", `its node cannot set up the pod: ${shorten(event.message)}`, {
        isStuck: true,
      })
    default:
      return undefined
  }
}

function volumeFault(message: string): string {
  const missing = /(secret|configmap) "([^"]+)" not found/i.exec(message)
  if (missing) {
    const kind = missing[1]?.toLowerCase() === "secret" ? "Secret" : "ConfigMap"
    return `${kind} "${missing[2]}" does not exist`
  }
  const claim = /persistentvolumeclaim "([^"]+)" not found/i.exec(message)
  if (claim) return `claim "${claim[1]}" does not exist`
  const volume = /(?:for|of) volume "([^"]+)"/i.exec(message)?.[1]
  if (/Multi-Attach error/.test(message)) {
    return `volume ${volume === undefined ? "" : `"${volume}" `}is in use on another node`
  }
  const what = volume === undefined ? "a volume" : `volume "${volume}"`
  return `${what} cannot be mounted: ${shorten(message)}`
}

function newest(
  events: readonly EventFacts[],
  wanted: (event: EventFacts) => boolean,
): EventFacts | undefined {
  let best: EventFacts | undefined
  for (const event of events) {
    if (wanted(event) && (best === undefined || event.lastAt >= best.lastAt)) best = event
  }
  return best
}

function withEvent(found: Reason, object: string, event: EventFacts): Reason {
  return {
    ...found,
    since: event.firstAt,
    evidence: [
      { source: "event", object, text: `${event.reason}: ${event.message}`, at: event.lastAt },
    ],
  }
}

import { closeSync, openSync, readSync, statSync } from "node:fs"

/** What the API server wrote down of one run. Times are its own, in milliseconds. */
export interface AuditedRun {
  /** By Job name: when the request to create it arrived. */
  readonly created: ReadonlyMap<string, number>
  /** By Job name: when the write arrived in which every container had ended well. */
  readonly done: ReadonlyMap<string, number>
  /** Writes of any kind in the namespace, Events not counted. */
  readonly writes: number
  readonly first: number
  readonly last: number
}

interface AuditEvent {
  readonly stage: string
  readonly verb: string
  readonly requestReceivedTimestamp: string
  readonly objectRef?: {
    readonly resource: string
    readonly namespace?: string
    readonly name?: string
    readonly subresource?: string
  }
  readonly responseStatus?: { readonly code: number }
  readonly requestObject?: unknown
}

export function endOf(path: string): number {
  return statSync(path).size
}

/** Reads what was logged about the namespace since `from`, which `endOf` gave before the run. */
export function readAudit(path: string, from: number, namespace: string): AuditedRun {
  const created = new Map<string, number>()
  const done = new Map<string, number>()
  let writes = 0
  let first = Number.POSITIVE_INFINITY
  let last = 0
  for (const line of linesFrom(path, from)) {
    if (!line.includes(`"${namespace}"`)) continue
    const event = JSON.parse(line) as AuditEvent
    const { objectRef, stage, verb, responseStatus } = event
    if (stage !== "ResponseComplete" || objectRef?.namespace !== namespace) continue
    if (
      (responseStatus?.code ?? 500) >= 300 ||
      verb === "get" ||
      verb === "list" ||
      verb === "watch"
    )
      continue
    const at = Date.parse(event.requestReceivedTimestamp) + microseconds(event)
    if (objectRef.resource !== "events") writes++
    if (objectRef.resource === "jobs" && verb === "create" && objectRef.subresource === undefined) {
      const job = nameIn(event.requestObject) ?? objectRef.name ?? ""
      created.set(job, at)
      first = Math.min(first, at)
    }
    if (
      objectRef.resource === "pods" &&
      objectRef.subresource === "status" &&
      hasEndedWell(event)
    ) {
      const job = (objectRef.name ?? "").replace(/-[a-z0-9]{5}$/, "")
      if (!done.has(job)) done.set(job, at)
    }
    // A run takes until its last pod is Succeeded, which a kubelet writes once the pod is down.
    if (objectRef.resource === "pods" && phaseIn(event) === "Succeeded") last = Math.max(last, at)
  }
  return { created, done, writes, first, last }
}

/** Date.parse stops at milliseconds; the log has microseconds. */
function microseconds({ requestReceivedTimestamp }: AuditEvent): number {
  const digits = /\.\d{3}(\d{3})/.exec(requestReceivedTimestamp)?.[1]
  return digits === undefined ? 0 : Number(digits) / 1000
}

function nameIn(object: unknown): string | undefined {
  return (object as { metadata?: { name?: string } } | undefined)?.metadata?.name
}

function phaseIn({ requestObject }: AuditEvent): string | undefined {
  return (requestObject as { status?: { phase?: string } } | undefined)?.status?.phase
}

function hasEndedWell({ requestObject }: AuditEvent): boolean {
  const { status } = (requestObject ?? {}) as {
    status?: { containerStatuses?: { state?: { terminated?: { exitCode: number } } }[] }
  }
  const states = status?.containerStatuses ?? []
  return states.length > 0 && states.every(({ state }) => state?.terminated?.exitCode === 0)
}

function* linesFrom(path: string, from: number): Generator<string> {
  const file = openSync(path, "r")
  const buffer = Buffer.alloc(1 << 20)
  let rest = Buffer.alloc(0)
  let position = from
  try {
    for (;;) {
      const read = readSync(file, buffer, 0, buffer.length, position)
      if (read === 0) return
      position += read
      const data = Buffer.concat([rest, buffer.subarray(0, read)])
      let start = 0
      for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
        yield data.toString("utf8", start, end)
        start = end + 1
      }
      rest = data.subarray(start)
    }
  } finally {
    closeSync(file)
  }
}

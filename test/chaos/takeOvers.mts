import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"

/** A run changed hands. */
export interface TakeOver {
  readonly run: string
  readonly before: string
  readonly next: string
  /** From the last sign of life of the one before to the claim of the next, by the API server's clock. */
  readonly seconds: number
}

/** Every change of hands in the namespace, from the API server's log. */
export async function takeOvers(
  log: string,
  namespace: string,
  from: number,
): Promise<readonly TakeOver[]> {
  const lines = createInterface({ input: createReadStream(log, { start: from }) })
  const lives = new Map<string, number>()
  const drivers = new Map<string, string>()
  const found: TakeOver[] = []
  const events: { at: number; name: string; driver: string | undefined }[] = []
  for await (const line of lines) {
    if (!line.includes(`"namespace":"${namespace}"`)) continue
    const event = readEvent(line)
    if (event) events.push(event)
  }
  for (const { at, name, driver } of events.sort((a, b) => a.at - b.at)) {
    if (driver === undefined) {
      lives.set(name, at)
      continue
    }
    const before = drivers.get(name)
    drivers.set(name, driver)
    const life = before === undefined ? undefined : lives.get(before)
    if (before === undefined || before === driver || life === undefined) continue
    found.push({ run: name, before, next: driver, seconds: (at - life) / 1000 })
  }
  return found
}

/** A sign of life, or a claim. */
function readEvent(line: string) {
  const { stage, verb, objectRef, responseStatus, requestObject, requestReceivedTimestamp } =
    parse(line)
  if (stage !== "ResponseComplete" || !(responseStatus?.code < 300)) return undefined
  const at = Date.parse(requestReceivedTimestamp)
  const { resource, subresource, name } = objectRef ?? {}
  if (resource === "leases" && verb !== "get" && verb !== "list" && verb !== "watch") {
    return { at, name: String(name), driver: undefined }
  }
  const driver = requestObject?.status?.driver?.id
  if (resource !== "executions" || subresource !== "status" || typeof driver !== "string") {
    return undefined
  }
  return { at, name: String(name), driver }
}

/** A log that is still written may end in the middle of a line. */
function parse(line: string) {
  try {
    return JSON.parse(line)
  } catch {
    return {}
  }
}

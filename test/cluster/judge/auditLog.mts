import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { type JsonObject, listOf, numberOf, objectOf, textOf } from "../../../core/plan/json.ts"

/** A change that the API server carried out, or may have, as its audit log has it. */
export interface Change {
  /** When the request arrived, in microseconds; such texts are ordered as their times are. */
  readonly at: string
  readonly verb: string
  /** With its subresource: `pods/status`. */
  readonly resource: string
  readonly namespace: string
  readonly name: string
  /** Of the object, where the request named it. */
  readonly uid: string | undefined
  readonly body: JsonObject
  /** False: whoever asked was gone before the answer, and the server cannot say what it did. */
  readonly isCertain: boolean
}

const changing = ["create", "update", "patch", "delete", "deletecollection"]
const judged = ["jobs", "pods", "executions"]

/**
 * The changes that were not refused, in the order in which they were asked for; `from` on, which is the
 * log's size at an earlier time.
 */
export async function readChanges(
  path: string,
  namespace?: string,
  from = 0,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  const lines = createInterface({
    input: createReadStream(path, { start: from }),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) {
    if (namespace !== undefined && !line.includes(`"namespace":"${namespace}"`)) continue
    const change = readChange(line)
    if (change && (namespace === undefined || change.namespace === namespace)) changes.push(change)
  }
  return inOrder(changes)
}

/** The log is written as answers go out; what counts is when requests came in. */
export function inOrder(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/** Undefined for what changes nothing, was refused, or is no matter of ours. */
export function readChange(line: string): Change | undefined {
  const event = parse(line)
  const { resource, subresource, namespace, name, uid } = objectOf(event.objectRef)
  const verb = textOf(event.verb) ?? ""
  const kind = textOf(resource) ?? ""
  if (event.stage !== "ResponseComplete" || !changing.includes(verb)) return undefined
  if (!judged.includes(kind)) return undefined
  const code = numberOf(objectOf(event.responseStatus).code) ?? 0
  if (code >= 300 && code < 500) return undefined
  if (/[?&]dryRun=/.test(textOf(event.requestURI) ?? "")) return undefined
  // A server that is only just there answers before it reads what is to be written.
  if (code >= 500 && event.requestObject === undefined && !verb.startsWith("delete"))
    return undefined
  const body = objectOf(event.requestObject)
  const metadata = objectOf(body.metadata)
  return {
    at: textOf(event.requestReceivedTimestamp) ?? "",
    verb,
    resource: subresource === undefined ? kind : `${kind}/${subresource}`,
    namespace: textOf(namespace) ?? "",
    name: textOf(name) ?? textOf(metadata.name) ?? "",
    uid: textOf(uid),
    body,
    isCertain: code >= 200 && code < 300,
  }
}

/** A log that is still written may end in the middle of a line. */
function parse(line: string): JsonObject {
  try {
    return objectOf(JSON.parse(line))
  } catch {
    return {}
  }
}

/** The texts of a list, for bodies whose shape is not ours to doubt. */
export function texts(value: unknown): readonly string[] {
  return listOf(value).flatMap((one) => (typeof one === "string" ? [one] : []))
}

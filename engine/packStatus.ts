import { gunzipSync, gzipSync } from "node:zlib"
import { type Json, type JsonObject, objectOf, textOf } from "#core/plan/json"

/** etcd and every watcher get the whole object at each write, so it stays this small. */
export const mostStatusBytes = 256 * 1024

const endedWell = ["Succeeded", "Skipped", "Reused"]
const failed = ["Failed", "Error", "Stopped"]

/** What stays readable as it is, from most to least; the first that fits is taken. */
const keeps: readonly ((phase: string) => boolean)[] = [
  (phase) => !endedWell.includes(phase),
  (phase) => failed.includes(phase),
  () => false,
]

/** A status that is too large keeps what people look for, and the other steps in one packed field. */
export function packStatus(status: JsonObject): JsonObject {
  if (sizeOf(status) <= mostStatusBytes) return status
  let packed = status
  for (const stays of keeps) {
    packed = packedWith(status, stays)
    if (sizeOf(packed) <= mostStatusBytes) break
  }
  return packed
}

/** The status as it was before `packStatus`; any other is left as it is. */
export function unpackStatus(value: Json | undefined): JsonObject {
  const { packedVertices, ...status } = objectOf(value)
  const text = textOf(packedVertices)
  if (text === undefined) return objectOf(value)
  const others = unpacked(text)
  // Of a field that cannot be read, whoever wrote it, nothing is lost by writing the status again.
  return others ? { ...status, vertices: { ...others, ...objectOf(status.vertices) } } : status
}

function packedWith(status: JsonObject, stays: (phase: string) => boolean): JsonObject {
  const kept: Record<string, Json | undefined> = {}
  const others: Record<string, Json | undefined> = {}
  for (const [key, vertex] of Object.entries(objectOf(status.vertices))) {
    const target = stays(textOf(objectOf(vertex).phase) ?? "") ? kept : others
    target[key] = vertex
  }
  const packedVertices = gzipSync(JSON.stringify(others)).toString("base64")
  return { ...status, vertices: kept, packedVertices }
}

function unpacked(text: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()))
  } catch {
    return undefined
  }
}

function sizeOf(status: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(status))
}

import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from "node:zlib"
import { type Json, type JsonObject, listOf, objectOf, textOf } from "#core/plan/json"

/**
 * etcd and every watcher get the whole object at each write, and the API server adds nearly as much
 * again on who wrote which field; so what is larger is packed.
 */
const mostStatusBytes = 96 * 1024
/** Of a packed status: what may stay readable as it is. */
const mostReadableBytes = 48 * 1024
/** All steps together, where those that are not over stay readable. */
const mostWithUnfinishedBytes = 160 * 1024
/** Who may write a status must not make its reader burst. */
const mostUnpackedBytes = 128 * 1024 * 1024

const endedWell = ["Succeeded", "Skipped", "Reused"]
const failed = ["Failed", "Error", "Stopped"]

/** What stays readable, from most to least, and how large all may then be; the first that fits is taken. */
const keeps: readonly { readonly stays: (phase: string) => boolean; readonly most: number }[] = [
  { stays: (phase) => !endedWell.includes(phase), most: mostWithUnfinishedBytes },
  { stays: (phase) => failed.includes(phase), most: Number.POSITIVE_INFINITY },
]

type Entry = readonly [key: string, vertex: Json | undefined]

/** A status that is too large keeps what people look for, and the other steps in one packed field. */
export function packStatus(status: JsonObject): JsonObject {
  const entries = Object.entries(objectOf(status.vertices))
  // Whatever else is in a status, so many steps do not fit: no need to write them out to see that.
  if (entries.length * leastVertexBytes <= mostStatusBytes && sizeOf(status) <= mostStatusBytes) {
    return status
  }
  for (const { stays, most } of keeps) {
    const kept = entries.filter(([, vertex]) => stays(textOf(objectOf(vertex).phase) ?? ""))
    if (kept.length * leastVertexBytes > mostReadableBytes) continue
    const readable = sizeOf(Object.fromEntries(kept))
    if (readable > mostReadableBytes) continue
    const packedVertices = packed(entries, kept)
    if (readable + packedVertices.length <= most) {
      return { ...status, vertices: Object.fromEntries(kept), packedVertices }
    }
  }
  return { ...status, vertices: {}, packedVertices: packed(entries, []) }
}

/** All of them but those that are kept. */
function packed(entries: readonly Entry[], kept: readonly Entry[]): string {
  const isKept = new Set(kept.map(([key]) => key))
  const rows = entries
    .filter(([key]) => !isKept.has(key))
    .map(([key, vertex]) => shortened(key, objectOf(vertex)))
  return compressed(JSON.stringify(columnsOf(rows)))
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

/** An id, a name, a type, a phase and two times. */
const leastVertexBytes = 100

/**
 * With its key, and without what that says too. What follows a step is the longest of it, stands in the
 * spec as well, and nobody asks for it once the step is over.
 */
function shortened(key: string, vertex: JsonObject): JsonObject {
  const { id, name, type, children, ...rest } = vertex
  const isOver = [...endedWell, ...failed].includes(textOf(rest.phase) ?? "")
  return {
    key,
    ...(id === key ? {} : { id }),
    ...(name === key ? {} : { name }),
    ...(type === "Job" ? {} : { type }),
    ...(children === undefined || isOver ? {} : { children }),
    ...rest,
  }
}

/** Like stands by like, which packs a quarter smaller than row by row. What a row lacks is null. */
function columnsOf(rows: readonly JsonObject[]): JsonObject {
  const fields = new Set(rows.flatMap((row) => Object.keys(row)))
  return Object.fromEntries(
    [...fields].map((field) => [field, rows.map((row) => row[field] ?? null)]),
  )
}

function compressed(text: string): string {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    // A mebibyte to look back in: all of a column, and little memory.
    [constants.BROTLI_PARAM_LGWIN]: 20,
  }
  return brotliCompressSync(text, { params }).toString("base64")
}

function unpacked(text: string): JsonObject | undefined {
  const bytes = Buffer.from(text, "base64")
  const bound = { maxOutputLength: mostUnpackedBytes }
  try {
    // An earlier form, a map of rows with gzip: runs may have outlived it.
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
    return isGzip
      ? ofRows(objectOf(JSON.parse(gunzipSync(bytes, bound).toString())))
      : ofColumns(objectOf(JSON.parse(brotliDecompressSync(bytes, bound).toString())))
  } catch {
    return undefined
  }
}

function ofRows(rows: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(rows).map(([key, row]) => [key, vertexOf(key, Object.entries(objectOf(row)))]),
  )
}

function ofColumns({ key: keys, ...columns }: JsonObject): JsonObject {
  const fields = Object.entries(columns).map(([field, column]) => [field, listOf(column)] as const)
  return Object.fromEntries(
    listOf(keys).map((key, index) => {
      const given = fields.flatMap(([field, column]) => {
        const value = column[index] ?? null
        return value === null ? [] : [[field, value] as const]
      })
      return [key, vertexOf(key, given)]
    }),
  )
}

function vertexOf(key: Json, given: readonly Entry[]): JsonObject {
  return { id: key, name: key, type: "Job", ...Object.fromEntries(given) }
}

function sizeOf(value: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(value))
}

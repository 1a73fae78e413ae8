import { readFileSync } from "node:fs"
import type { PlaceRequest } from "./protocol.ts"
import { writeWhole } from "./writeWhole.ts"

/**
 * Which places have runs that are not at their end, on disk: an engine that starts after a crash or
 * a reboot goes on with them, though no window asks for them.
 */
export interface Unfinished {
  readonly load: () => readonly PlaceRequest[]
  readonly save: (places: readonly PlaceRequest[]) => void
}

export function unfinishedIn(path: string): Unfinished {
  return {
    load: () => {
      try {
        const value: unknown = JSON.parse(readFileSync(path, "utf8"))
        return Array.isArray(value) ? value.filter(isPlaceRequest) : []
      } catch {
        return []
      }
    },
    save: (places) => {
      try {
        writeWhole(path, JSON.stringify(places))
      } catch {
        // On a full disk what was noted last stays: a place too many is opened for nothing.
      }
    },
  }
}

/** A rehearsal is gone with the engine it ran in. */
function isPlaceRequest(value: unknown): value is PlaceRequest {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    (value.kind === "kube" || value.kind === "local")
  )
}

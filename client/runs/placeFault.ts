import type { PlaceErrorData } from "#engine/protocol"

/** Why a place cannot be opened, with its kind; what is none of ours has the kind "other". */
export function placeFault(error: unknown): PlaceErrorData {
  const message = error instanceof Error ? error.message : String(error)
  const { data } = (error ?? {}) as { readonly data?: unknown }
  if (typeof data === "object" && data !== null && "kind" in data) {
    return { ...(data as PlaceErrorData), message }
  }
  return { kind: "other", message }
}

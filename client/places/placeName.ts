import type { PlaceInfo } from "#engine/protocol"

/** A place as people know it, with its namespace or its colony where it has one that matters. */
export function placeName({ kind, context, namespace }: PlaceInfo): string {
  return kind === "kube" || kind === "colonies" ? `${context} / ${namespace}` : context
}

/** The codicon of a place. */
export function placeIcon(kind: PlaceInfo["kind"]): string {
  switch (kind) {
    case "kube":
      return "server-environment"
    case "local":
      return "vm"
    case "rehearsal":
      return "beaker"
    case "colonies":
      return "globe"
  }
}

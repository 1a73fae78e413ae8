import type { PlaceInfo } from "#engine/protocol"

/** A place as people know it; only clusters have namespaces that matter. */
export function placeName({ kind, context, namespace }: PlaceInfo): string {
  return kind === "kube" ? `${context} / ${namespace}` : context
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
  }
}

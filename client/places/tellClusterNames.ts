import { Disposable, window, workspace } from "vscode"
import type { PlaceRequest } from "#engine/protocol"
import { type ClusterNames, clusterNamesNotification } from "#server/protocol"
import type { LanguageServer } from "../languageServer.ts"
import type { Places } from "../places.ts"
import type { RunStore } from "../runs/runStore.ts"
import { isSpec } from "../specs.ts"

/** Tells the language server what specs may name where new runs go, while somebody writes one. */
export function tellClusterNames(
  language: LanguageServer,
  places: Places,
  runs: RunStore,
): Disposable {
  let told: { readonly place: string; readonly at: number } | undefined

  const look = async () => {
    const { current } = places
    const document = window.activeTextEditor?.document
    const isWanted = workspace.getConfiguration("kubeExecutions").get("completion.fromCluster")
    // Only of a place that is open anyway: completion alone is no reason to touch a cluster.
    if (current?.kind !== "kube" || isWanted === false || !document || !isSpec(document)) return
    const now = Date.now()
    if (told?.place === current.id && now - told.at < freshMs) return
    told = { place: current.id, at: now }
    const { kubeconfig, context, namespace } = current
    const request: PlaceRequest = { kind: "kube", kubeconfig, context, namespace }
    const names: ClusterNames = await runs.call("place/names", request)
    await language.tell(clusterNamesNotification, names)
  }
  // What cannot be listed is not offered; nothing is worth a message.
  const lookQuietly = () => void look().catch(() => {})
  return Disposable.from(
    places.onDidChange(lookQuietly),
    window.onDidChangeActiveTextEditor(lookQuietly),
  )
}

/** Claims and secrets come seldom; an editor is turned to often. */
const freshMs = 5 * 60_000

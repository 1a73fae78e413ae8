import { workspace } from "vscode"
import type { PlaceRequest } from "#engine/protocol"

/** The place new runs go to: what the settings say, the kubeconfig's own choice for the rest. */
export function placeOfSettings(): PlaceRequest {
  const settings = workspace.getConfiguration("kubeExecutions")
  const kubeconfig = settings.get<string>("kubeconfig") || process.env.KUBECONFIG
  return {
    kind: "kube",
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(settings.get<string>("context") ? { context: settings.get<string>("context") } : {}),
    ...(settings.get<string>("namespace") ? { namespace: settings.get<string>("namespace") } : {}),
  }
}

import { homedir } from "node:os"
import { join } from "node:path"
import type { Cluster } from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import type { LocalRequest, PlaceInfo } from "../protocol.ts"
import { LocalCluster } from "./localCluster.ts"
import { findRuntime } from "./runtime.ts"

/** This machine as a place, if it has something to run containers or commands in. */
export async function openLocalPlace(
  request: LocalRequest,
): Promise<{ info: PlaceInfo; cluster: Cluster }> {
  if (process.platform === "win32") throw new ClusterError("config", notOnWindows)
  const runtime = await findRuntime(request.readOnly ?? [])
  if (runtime === undefined) {
    const sandbox = process.platform === "linux" ? ", nor a working bubblewrap (bwrap)" : ""
    throw new ClusterError(
      "config",
      `This machine has neither docker nor podman running${sandbox}, so nothing can be run on it. Install one of them, or rehearse: a rehearsal runs nothing and shows how it would go.`,
    )
  }
  return {
    info: {
      // One engine, one folder: whoever asks later gets the place that is open.
      id: "local",
      kind: "local",
      kubeconfig: "",
      context: "This machine",
      namespace: "default",
      server: runtime.kind,
      ...(runtime.caution === undefined ? {} : { caution: runtime.caution }),
    },
    cluster: new LocalCluster(stateFolder(), runtime),
  }
}

const notOnWindows =
  "On Windows itself nothing can be run on this machine: what watches over commands needs a Unix shell. Open the folder in WSL and run there, or rehearse: a rehearsal runs nothing and shows how it would go."

/** Runs are kept where they outlive a reboot. */
function stateFolder(): string {
  const { KUBE_EXECUTIONS_HOME, XDG_STATE_HOME } = process.env
  if (KUBE_EXECUTIONS_HOME) return join(KUBE_EXECUTIONS_HOME, "local")
  return join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "kube-executions", "local")
}

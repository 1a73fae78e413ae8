import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Cluster } from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import type { LocalRequest, PlaceInfo } from "../protocol.ts"
import { localRunsFolder } from "../stateFolder.ts"
import { keptFolder, LocalCluster } from "./localCluster.ts"
import { findRuntime } from "./runtime.ts"

/** This machine as a place, if it has something to run containers or commands in. */
export async function openLocalPlace(
  request: LocalRequest,
): Promise<{ info: PlaceInfo; cluster: Cluster }> {
  // It will not be otherwise later, so nobody tries again.
  if (process.platform === "win32") {
    throw new ClusterError("config", notOnWindows, undefined, { fault: "not-ready" })
  }
  const readOnly = request.readOnly ?? []
  const runtime = await findRuntime(readOnly)
  if (runtime === undefined) {
    const sandbox = process.platform === "linux" ? ", nor a working bubblewrap (bwrap)" : ""
    throw new ClusterError(
      "not-ready",
      `This machine has neither docker nor podman running${sandbox}, so nothing can be run on it. Install one of them, or rehearse: a rehearsal runs nothing and shows how it would go.`,
    )
  }
  const lacking = readOnly.find((folder) => !existsSync(folder))
  if (runtime.kind === "bubblewrap" && lacking !== undefined) {
    throw new ClusterError(
      "not-ready",
      `The folder "${lacking}", which kubeExecutions.local.readOnly lists, is not there. Make it, or take it off the list.`,
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
      kept: join(localRunsFolder(), keptFolder),
      ...(runtime.caution === undefined ? {} : { caution: runtime.caution }),
    },
    cluster: new LocalCluster(localRunsFolder(), runtime),
  }
}

const notOnWindows =
  "On Windows itself nothing can be run on this machine: what watches over commands needs a Unix shell. Open the folder in WSL and run there, or rehearse: a rehearsal runs nothing and shows how it would go."

import { execFile } from "node:child_process"
import path from "node:path"
import { promisify } from "node:util"
import { layout } from "../../cluster/built/layout.mts"
import { pidOf } from "../../cluster/built/processes.mts"
import { root } from "../../support/folders.mts"
import type { Fault } from "../fault.mts"

/** The real thing, for which the cluster has to be ours: its API server is killed and started again. */
export const restart: Fault = {
  name: "the API server is killed and started again",
  isAlone: true,
  begin: () => {
    let hasRestarted = false
    return {
      strike: async () => {
        const before = pidOf(layout, "kube-apiserver")
        if (before === undefined)
          throw new Error("Only an API server that we started can be killed.")
        process.kill(before, "SIGKILL")
        await promisify(execFile)(
          process.execPath,
          [path.join(root, "test/cluster/main.mts"), "up"],
          { cwd: root },
        )
        hasRestarted = pidOf(layout, "kube-apiserver") !== before
        return undefined
      },
      hasWorked: () => hasRestarted,
    }
  },
}

import { execFile } from "node:child_process"
import path from "node:path"
import { promisify } from "node:util"
import { layout } from "../../cluster/built/layout.mts"
import { pidOf } from "../../cluster/built/processes.mts"
import { until } from "../../cluster/until.mts"
import { root } from "../../support/folders.mts"
import type { Fault } from "../fault.mts"

/**
 * The real thing, for which the cluster has to be ours. The API server is asked to end and not killed: what it
 * carried out at its very end would be missing in its log, and with it in what the judge knows.
 */
export const restart: Fault = {
  name: "the API server ends and is started again",
  isAlone: true,
  begin: () => {
    let hasEnded = false
    return {
      strike: async () => {
        const before = pidOf(layout, "kube-apiserver")
        if (before === undefined) throw new Error("Only an API server that we started can end.")
        process.kill(before, "SIGTERM")
        await until("it has ended", async () => pidOf(layout, "kube-apiserver") === undefined)
        hasEnded = true
        await promisify(execFile)(
          process.execPath,
          [path.join(root, "test/cluster/main.mts"), "up"],
          { cwd: root },
        )
        return undefined
      },
      hasWorked: () => hasEnded,
    }
  },
}

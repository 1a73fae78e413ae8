import type { Cluster } from "../cluster.ts"
import { longestTimerMs } from "../longestTimer.ts"
import type { PlaceInfo, RehearsalRequest } from "../protocol.ts"
import { MemoryCluster, type Perform } from "./memoryCluster.ts"
import { performShell } from "./performShell.ts"

const defaultSeconds = 2

/** A place where nothing runs: steps take the time they are said to take. */
export async function openRehearsal(
  request: RehearsalRequest,
): Promise<{ info: PlaceInfo; cluster: Cluster }> {
  const { seconds = defaultSeconds, secondsByTask = {} } = request
  const perform: Perform = async (command, job) => {
    // A Job is called <run>.<task>.<index>, with .r<attempt> after it from the second on.
    const task = /\.([^.]+)\.\d+(?:\.r\d+)?$/.exec(job)?.[1] ?? ""
    const takes = secondsByTask[task] ?? seconds
    const { promise, resolve } = Promise.withResolvers<void>()
    setTimeout(resolve, Math.min(takes * 1000, longestTimerMs))
    await promise
    return (await performShell(command, job)) ?? { log: "", exitCode: 0 }
  }
  return {
    info: {
      id: JSON.stringify(["rehearsal", seconds, secondsByTask]),
      kind: "rehearsal",
      kubeconfig: "",
      context: "Rehearsal",
      namespace: "default",
      server: "a simulation",
      caution: `A simulation: nothing runs, each step takes about ${seconds} s, and its output is played.`,
    },
    cluster: new MemoryCluster(perform, Date.now),
  }
}

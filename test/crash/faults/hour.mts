import { writeFileSync } from "node:fs"
import path from "node:path"
import { until } from "../../cluster/until.mts"
import { root } from "../../support/folders.mts"
import type { Fault } from "../fault.mts"
import type { Stage } from "../stage.mts"

const hourMs = 3_600_000

/**
 * The engine is stopped as a laptop that sleeps stops it. Meanwhile the Jobs end, the API server ends the
 * watches and forgets where they were, and by every clock and timer of the engine an hour passes.
 */
export const hour: Fault = {
  name: "the engine is stopped for an hour (SIGSTOP, and its clocks and timers jump)",
  options: () => ({ node: ["--require", path.join(root, "test/crash/clock.cjs")] }),
  begin: (stage) => {
    const watches = new Set<string>()
    let hasSlept = false
    return {
      strike: async () => {
        const { pid, home } = stage.engine()
        process.kill(pid, "SIGSTOP")
        await until("every Job has ended", () => haveEnded(stage))
        stage.proxy.endWatches()
        writeFileSync(path.join(home, "clock"), String(hourMs))
        hasSlept = true
        process.kill(pid, "SIGCONT")
        return undefined
      },
      later: {
        before: ({ kind, path, query }) => {
          const key = `${path} ${query.get("labelSelector")} ${query.get("fieldSelector")}`
          if (!hasSlept || kind !== "watch" || watches.has(key)) return undefined
          watches.add(key)
          // The API server itself says what becomes of that.
          query.set("resourceVersion", "1")
          return undefined
        },
      },
      hasWorked: () => watches.size > 0,
    }
  },
}

interface Jobs {
  readonly items: readonly { readonly status: { readonly active?: number } }[]
}

async function haveEnded({ world: { bed }, namespace }: Stage): Promise<boolean> {
  const { items } = await bed.api.get<Jobs>(`/apis/batch/v1/namespaces/${namespace}/jobs`)
  return items.every(({ status }) => !status.active)
}

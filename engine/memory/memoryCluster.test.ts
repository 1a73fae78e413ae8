import { describe, test } from "vitest"
import { clusterContract } from "../cluster.contract.ts"
import { MemoryCluster } from "./memoryCluster.ts"
import { performShell } from "./performShell.ts"

describe("the memory place keeps what every place promises:", () => {
  for (const { name, run } of clusterContract) {
    test(name, async () => {
      const cluster = new MemoryCluster(performShell, Date.now)
      const waiting = new Set<() => void>()
      await cluster.start({
        onRun: () => {
          for (const look of [...waiting]) look()
        },
        onStale: () => {},
      })
      await run({
        cluster,
        namespace: "gene",
        until: (_what, condition) =>
          new Promise((resolve) => {
            const look = () => {
              if (!condition()) return
              waiting.delete(look)
              resolve()
            }
            waiting.add(look)
            look()
          }),
      })
    })
  }
})

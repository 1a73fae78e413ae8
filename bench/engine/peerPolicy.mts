import type { Cluster } from "#engine/cluster"

/**
 * Our engine as slow as peers choose to be: sends at most `qps` requests a second. An emulation of their policies, not of their programs.
 */
export interface PeerPolicy {
  readonly qps?: number
  readonly burst?: number
}

export function withPolicy(cluster: Cluster, { qps, burst }: PeerPolicy): Cluster {
  const slow: Cluster = Object.create(cluster)
  const bind = <Key extends keyof Cluster>(key: Key): Cluster[Key] =>
    (cluster[key] as (...all: never[]) => unknown).bind(cluster) as Cluster[Key]
  for (const key of methods) Object.assign(slow, { [key]: bind(key) })
  if (qps !== undefined) {
    const take = tokenBucket(qps, burst ?? qps)
    slow.createJob = async (...request) => {
      await take()
      return cluster.createJob(...request)
    }
    slow.writeStatus = async (...request) => {
      await take()
      return cluster.writeStatus(...request)
    }
  }
  return slow
}

const methods = [
  "start",
  "close",
  "runs",
  "plainJobs",
  "execution",
  "world",
  "createExecution",
  "readExecution",
  "writeStatus",
  "annotate",
  "deleteExecution",
  "createJob",
  "checkJob",
  "lookForJob",
  "lookForPods",
  "deleteJob",
  "readLog",
  "tell",
] as const satisfies readonly (keyof Cluster)[]

function tokenBucket(rate: number, burst: number): () => Promise<void> {
  let tokens = burst
  let last = performance.now()
  let queue = Promise.resolve()
  return () => {
    queue = queue.then(async () => {
      const now = performance.now()
      tokens = Math.min(burst, tokens + ((now - last) / 1000) * rate)
      last = now
      if (tokens >= 1) {
        tokens--
        return
      }
      const wait = ((1 - tokens) / rate) * 1000
      tokens = 0
      last = now + wait
      await new Promise((resolve) => setTimeout(resolve, wait))
    })
    return queue
  }
}

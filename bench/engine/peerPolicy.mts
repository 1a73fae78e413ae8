import type { Cluster, RunKey } from "#engine/cluster"

/**
 * Our engine as slow as peers choose to be: it looks at a run only so long after it heard of it, and
 * sends at most `qps` requests a second. An emulation of their policies, not of their programs.
 */
export interface PeerPolicy {
  /** Milliseconds between hearing of a run, be it an event or an answer, and looking at it. */
  readonly requeueMs?: number
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

/**
 * Holds every pass back, asked as the controller asks whether it may drive: so nothing gets around
 * it, neither the watch nor the answers to what the engine itself did.
 */
export function requeueing({ requeueMs }: PeerPolicy, look: (run: RunKey) => void) {
  const dueAt = new Map<RunKey, number>()
  return (run: RunKey): boolean => {
    if (requeueMs === undefined) return true
    const due = dueAt.get(run)
    if (due !== undefined && performance.now() >= due) {
      dueAt.delete(run)
      return true
    }
    if (due === undefined) {
      dueAt.set(run, performance.now() + requeueMs)
      // A timer may ring a little early.
      setTimeout(() => look(run), requeueMs + 5)
    }
    return false
  }
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

import type { Cluster } from "./cluster.mts"

/** A Job was created, or has ended; in the order of the API server, which is one for all Jobs. */
export interface JobEvent {
  readonly name: string
  readonly isEnded: boolean
}

interface Job {
  readonly metadata: { readonly name: string }
  readonly status: { readonly conditions?: readonly { type: string; status: string }[] }
}

/** Writes down what becomes of the Jobs of one run; `close` answers it. */
export function watchJobs(
  { api }: Cluster,
  namespace: string,
  run: string,
): { close: () => Promise<readonly JobEvent[]> } {
  const stop = new AbortController()
  const events: JobEvent[] = []
  const ended = new Set<string>()
  const query = new URLSearchParams({
    watch: "true",
    labelSelector: `execution.kubegene.io/execution=${run}`,
  })
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs?${query}`
  const watching = api
    .watch<Job>(path, stop.signal, ({ type, object }) => {
      const { name } = object.metadata
      if (type === "ADDED") events.push({ name, isEnded: false })
      const isEnded = object.status.conditions?.some(
        (condition) =>
          ["Complete", "Failed"].includes(condition.type) && condition.status === "True",
      )
      if (!isEnded || ended.has(name)) return
      ended.add(name)
      events.push({ name, isEnded: true })
    })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) throw error
    })
  return {
    close: async () => {
      stop.abort()
      await watching
      return events
    },
  }
}

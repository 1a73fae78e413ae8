import type { PodFacts } from "#core/run/observed"
import type { RunKey } from "./cluster.ts"
import type { OpenedPlace } from "./openedPlace.ts"
import type { OnLines } from "./place.ts"
import { type LoggedPod, PodLogs } from "./podLogs.ts"
import type { LogOptions } from "./protocol.ts"

/** What the steps of a run print, as their pods come and go; when followed, until the run is over. */
export function copyRunLog(
  place: OpenedPlace,
  run: RunKey,
  options: LogOptions,
  onLines: OnLines,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, info } = place
  const { step: wanted } = options
  const pods = () => {
    const { jobs, pods } = cluster.world(run)
    return [...pods].flatMap(([name, own]) => {
      const labels = jobs.get(name)?.labels
      const step = labels ? `${labels.task}.${labels.index}` : name
      const isWanted = wanted === undefined || wanted === step || wanted === labels?.task
      return isWanted ? own.map((pod) => loggedPod(pod, step)) : []
    })
  }
  const isOver = () =>
    cluster.execution(run) === undefined || (place.summary(run)?.finishedAt ?? null) !== null
  const nextChange = place.nextChange.bind(place)
  const world = { cluster, namespace: info.namespace, pods, isOver, nextChange }
  return new PodLogs(world, options, signal).copy(onLines)
}

function loggedPod({ name, uid, containers }: PodFacts, step: string): LoggedPod {
  return {
    step,
    name,
    uid,
    containers: containers.map(({ name, state, before, restarts }) => ({
      name,
      hasBegun: state.kind !== "waiting" || before !== undefined,
      isRunning: state.kind === "running",
      restarts,
    })),
  }
}

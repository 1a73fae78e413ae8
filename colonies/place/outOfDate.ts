import {
  type GraphRecord,
  type ProcessRecord,
  type ProcessState,
  processState,
} from "../client/records.ts"
import { isOver } from "./shownRun.ts"

/**
 * Which processes of a workflow are to be read, because they are not known or not as its picture
 * has them. The picture tells the states of all of them at once, where a list ends after a hundred.
 */
export function outOfDate(
  graph: GraphRecord,
  known: ReadonlyMap<string, ProcessRecord>,
): readonly string[] {
  const states = pictured(graph)
  return (graph.processids ?? []).filter((id) => {
    const process = known.get(id)
    if (process === undefined) return true
    const state = states.get(id)
    if (state === undefined) return !isOver(process)
    if (state !== process.state) return true
    // The picture does not tell that what a process waited for is there.
    return (
      state === processState.waiting &&
      process.waitforparents &&
      (process.parents ?? []).every((parent) => states.get(parent) === processState.successful)
    )
  })
}

/** The server draws each process in the colour of its state. */
function pictured({ nodes }: GraphRecord): ReadonlyMap<string, ProcessState> {
  return new Map(
    (nodes ?? []).flatMap(({ id, style }) => {
      const state = stateOfColor[style?.background ?? ""]
      return state === undefined ? [] : [[id, state] as const]
    }),
  )
}

const stateOfColor: Readonly<Record<string, ProcessState>> = {
  "#eee8d8": processState.waiting,
  "#4689cd": processState.running,
  "#92d050": processState.successful,
  "#cb4239": processState.failed,
  "#f5a623": processState.cancelled,
}

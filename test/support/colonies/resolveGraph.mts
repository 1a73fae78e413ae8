import type { Graph, Process, State, World } from "./world.mts"

/** After any change of one of its processes: who may start, who falls with whom, the graph's state. */
export function resolveGraph(world: World, id: string): void {
  const graph = world.graphs.get(id)
  if (graph === undefined) return
  const processes = graph.processes.flatMap((each) => world.processes.get(each) ?? [])
  for (const process of processes) {
    const parents = process.parents.map((parent) => world.processes.get(parent)?.state)
    if (parents.length > 0 && parents.every((state) => state === 2)) {
      process.waitingForParents = false
    }
    if (parents.includes(3) && process.state !== 3) {
      failAll(world, processes)
      break
    }
  }
  setState(world, graph, processes)
}

/** Even what had succeeded, and with no word about why. */
function failAll(world: World, processes: readonly Process[]): void {
  for (const process of processes) {
    if (process.state === 3) continue
    process.state = 3
    process.ended = world.now()
    world.changes.emit("process", process)
  }
}

function setState(world: World, graph: Graph, processes: readonly Process[]): void {
  const states = new Set(processes.map(({ state }) => state))
  graph.state = stateOf(states)
  if (graph.state !== 0 && graph.started === 0n) graph.started = world.now()
  if (graph.state > 1 && graph.ended === 0n) graph.ended = world.now()
}

function stateOf(states: ReadonlySet<State>): State {
  if (states.has(3)) return 3
  if (states.has(4)) return 4
  if (states.has(1)) return 1
  if (states.has(2)) return states.size === 1 ? 2 : 1
  return 0
}

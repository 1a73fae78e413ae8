import type { Graph } from "./graph.ts"
import { topologicalOrder } from "./order.ts"

/**
 * A layer for each vertex of a graph without cycles, so that every edge leads to a later layer:
 * the longest way from a source, then each vertex moves where its edges are shorter in sum.
 */
export function layering(graph: Graph): Int32Array {
  const { sequence, layer } = topologicalOrder(graph)
  for (let pass = 0; pass < maxPasses; pass++) {
    const later = pullLater(graph, sequence, layer)
    const earlier = pullEarlier(graph, sequence, layer)
    if (!later && !earlier) break
  }
  return layer
}

/** Each pass is linear, and after a few of them hardly anything moves. */
const maxPasses = 8

/** A vertex with more edges out than in goes as late as the first it leads to allows. */
function pullLater(graph: Graph, sequence: Int32Array, layer: Int32Array): boolean {
  const { out } = graph
  let moved = false
  for (let i = sequence.length - 1; i >= 0; i--) {
    const v = sequence[i] as number
    const first = out.start[v] as number
    const end = out.start[v + 1] as number
    if (end - first <= (graph.in.start[v + 1] as number) - (graph.in.start[v] as number)) continue
    let latest = layer[out.node[first] as number] as number
    for (let k = first + 1; k < end; k++) {
      latest = Math.min(latest, layer[out.node[k] as number] as number)
    }
    if (latest - 1 > (layer[v] as number)) {
      layer[v] = latest - 1
      moved = true
    }
  }
  return moved
}

/** A vertex with more edges in than out goes as early as the last it waits for allows. */
function pullEarlier(graph: Graph, sequence: Int32Array, layer: Int32Array): boolean {
  let moved = false
  for (let i = 0; i < sequence.length; i++) {
    const v = sequence[i] as number
    const first = graph.in.start[v] as number
    const end = graph.in.start[v + 1] as number
    if (end - first <= (graph.out.start[v + 1] as number) - (graph.out.start[v] as number)) continue
    let earliest = 0
    for (let k = first; k < end; k++) {
      earliest = Math.max(earliest, (layer[graph.in.node[k] as number] as number) + 1)
    }
    if (earliest < (layer[v] as number)) {
      layer[v] = earliest
      moved = true
    }
  }
  return moved
}

import type { Graph } from "./graph.ts"

export interface TopologicalOrder {
  /** Every vertex after all it depends on; vertices on a cycle or behind one are not in it. */
  readonly sequence: Int32Array
  /** The number of edges on the longest way from a source; 0 for vertices not in `sequence`. */
  readonly layer: Int32Array
  readonly layers: number
}

export function topologicalOrder(graph: Graph): TopologicalOrder {
  const { size, out } = graph
  const missing = new Int32Array(size)
  for (let v = 0; v < size; v++) {
    missing[v] = (graph.in.start[v + 1] as number) - (graph.in.start[v] as number)
  }
  const sequence = new Int32Array(size)
  const layer = new Int32Array(size)
  let end = 0
  for (let v = 0; v < size; v++) if (missing[v] === 0) sequence[end++] = v
  let layers = 0
  for (let head = 0; head < end; head++) {
    const v = sequence[head] as number
    const below = (layer[v] as number) + 1
    if (below > layers) layers = below
    const stop = out.start[v + 1] as number
    for (let k = out.start[v] as number; k < stop; k++) {
      const w = out.node[k] as number
      const left = (missing[w] as number) - 1
      missing[w] = left
      // Only the last arrival counts: until then w may turn out to be behind a cycle.
      if (left === 0) sequence[end++] = w
      if ((layer[w] as number) < below) layer[w] = below
    }
  }
  for (let v = 0; v < size; v++) if ((missing[v] as number) > 0) layer[v] = 0
  return { sequence: sequence.subarray(0, end), layer, layers }
}

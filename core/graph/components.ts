import type { Graph } from "./graph.ts"

export interface ConnectedComponents {
  /** The part each vertex belongs to when directions do not count; parts by smallest vertex. */
  readonly component: Int32Array
  readonly count: number
}

export function connectedComponents(graph: Graph): ConnectedComponents {
  const component = new Int32Array(graph.size).fill(-1)
  const queue = new Int32Array(graph.size)
  let count = 0
  for (let root = 0; root < graph.size; root++) {
    if (component[root] !== -1) continue
    let end = 0
    queue[end++] = root
    component[root] = count
    for (let head = 0; head < end; head++) {
      const v = queue[head] as number
      for (let side = 0; side < 2; side++) {
        const { start, node } = side === 0 ? graph.out : graph.in
        for (let k = start[v] as number; k < (start[v + 1] as number); k++) {
          const w = node[k] as number
          if (component[w] !== -1) continue
          component[w] = count
          queue[end++] = w
        }
      }
    }
    count++
  }
  return { component, count }
}

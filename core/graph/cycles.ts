import type { Graph } from "./graph.ts"

export interface Components {
  /** The group of each vertex; a group has a smaller number than every group that leads to it. */
  readonly component: Int32Array
  readonly count: number
}

/** Tarjan's algorithm with a stack of its own, so a chain of any length is fine. */
export function stronglyConnected(graph: Graph): Components {
  const { size, out } = graph
  const index = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const component = new Int32Array(size).fill(-1)
  const next = new Int32Array(size)
  const calls = new Int32Array(size)
  const open = new Int32Array(size)
  let opened = 0
  let found = 0
  let count = 0
  for (let root = 0; root < size; root++) {
    if (index[root] !== -1) continue
    let depth = 0
    calls[0] = root
    while (depth >= 0) {
      const v = calls[depth] as number
      if (index[v] === -1) {
        index[v] = found
        low[v] = found
        found++
        next[v] = out.start[v] as number
        open[opened++] = v
      }
      const k = next[v] as number
      if (k < (out.start[v + 1] as number)) {
        next[v] = k + 1
        const w = out.node[k] as number
        if (index[w] === -1) calls[++depth] = w
        else if (component[w] === -1) low[v] = Math.min(low[v] as number, index[w] as number)
        continue
      }
      if (low[v] === index[v]) {
        let w: number
        do {
          w = open[--opened] as number
          component[w] = count
        } while (w !== v)
        count++
      }
      depth--
      if (depth >= 0) {
        const parent = calls[depth] as number
        low[parent] = Math.min(low[parent] as number, low[v] as number)
      }
    }
  }
  return { component, count }
}

/**
 * Marks edges whose reversal leaves no cycle (edges from a vertex to itself are marked too). The
 * search starts at the sources, so a loop is cut where it comes back, not where it is entered.
 */
export function feedbackEdges(graph: Graph): Uint8Array {
  const { size, out } = graph
  const marked = new Uint8Array(graph.from.length)
  const state = new Uint8Array(size)
  const next = out.start.slice()
  const calls = new Int32Array(size)
  const visit = (root: number) => {
    let depth = 0
    calls[0] = root
    state[root] = onStack
    while (depth >= 0) {
      const v = calls[depth] as number
      const k = next[v] as number
      if (k === (out.start[v + 1] as number)) {
        state[v] = left
        depth--
        continue
      }
      next[v] = k + 1
      const w = out.node[k] as number
      if (state[w] === onStack) marked[out.edge[k] as number] = 1
      else if (state[w] === unseen) {
        state[w] = onStack
        calls[++depth] = w
      }
    }
  }
  for (let v = 0; v < size; v++) if (graph.in.start[v] === graph.in.start[v + 1]) visit(v)
  for (let v = 0; v < size; v++) if (state[v] === unseen) visit(v)
  return marked
}

const unseen = 0
const onStack = 1
const left = 2

/** A directed graph on the vertices 0 … size-1, held as flat arrays. Edges keep their number. */
export interface Graph {
  readonly size: number
  /** Edge e goes from `from[e]` to `to[e]`. */
  readonly from: Int32Array
  readonly to: Int32Array
  readonly out: Adjacency
  readonly in: Adjacency
}

/** The neighbours of vertex v stand at `start[v] … start[v + 1] - 1`, in the order of their edges. */
export interface Adjacency {
  readonly start: Int32Array
  readonly node: Int32Array
  readonly edge: Int32Array
}

export function buildGraph(size: number, from: ArrayLike<number>, to: ArrayLike<number>): Graph {
  const tails = Int32Array.from(from)
  const heads = Int32Array.from(to)
  return {
    size,
    from: tails,
    to: heads,
    out: adjacency(size, tails, heads),
    in: adjacency(size, heads, tails),
  }
}

/** Groups the edges by their `own` end (a counting sort, so it is linear and keeps their order). */
export function adjacency(size: number, own: Int32Array, other: Int32Array): Adjacency {
  const start = new Int32Array(size + 1)
  const node = new Int32Array(own.length)
  const edge = new Int32Array(own.length)
  for (let e = 0; e < own.length; e++) {
    const v = (own[e] as number) + 1
    start[v] = (start[v] as number) + 1
  }
  for (let v = 0; v < size; v++) start[v + 1] = (start[v + 1] as number) + (start[v] as number)
  const next = start.slice()
  for (let e = 0; e < own.length; e++) {
    const v = own[e] as number
    const k = next[v] as number
    next[v] = k + 1
    node[k] = other[e] as number
    edge[k] = e
  }
  return { start, node, edge }
}

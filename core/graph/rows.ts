import { connectedComponents } from "./components.ts"
import { type Adjacency, adjacency, type Graph } from "./graph.ts"

/**
 * A layered graph made proper: a row for each layer of each connected part, and a bend (a vertex
 * without a body) wherever an edge passes a row, so that every segment joins neighbouring rows.
 * Parts never share a row; that is how all of them are ordered and placed in the same arrays.
 */
export interface Rows {
  /** The vertices of the graph; the numbers from here on are bends. */
  readonly real: number
  readonly size: number
  readonly row: Int32Array
  /** Row r holds `slots[start[r]] … slots[start[r + 1] - 1]`, in the order they stand in. */
  readonly start: Int32Array
  readonly slots: Int32Array
  /** The place of each vertex in its row. */
  readonly place: Int32Array
  readonly up: Adjacency
  readonly down: Adjacency
  /** The edge each segment is a piece of; `up.edge` and `down.edge` number the segments. */
  readonly edgeOfSegment: Int32Array
  /** The first row of each connected part, and the number of rows at the end. */
  readonly part: Int32Array
  /** The first bend of each edge, the others follow; -1 for edges without bends. */
  readonly bend: Int32Array
  /** 1 for edges that are too long to be bent: they are drawn straight, through whatever is there. */
  readonly loose: Uint8Array
}

/** `layer` must grow along every edge that is no self-loop. The order in the rows is that of the vertices' numbers. */
export function buildRows(graph: Graph, layer: Int32Array): Rows {
  const parts = connectedComponents(graph)
  const { row, part } = assignRows(graph.size, layer, parts.component, parts.count)
  const longest = longestBent(graph, row)
  const edges = graph.from.length
  const bend = new Int32Array(edges).fill(-1)
  const loose = new Uint8Array(edges)
  let bends = 0
  let segments = 0
  for (let e = 0; e < edges; e++) {
    const span = spanOf(graph, row, e)
    if (span > longest) loose[e] = 1
    else if (span > 0) {
      bends += span - 1
      segments += span
    }
  }
  const size = graph.size + bends
  const rows = new Int32Array(size)
  rows.set(row)
  const upper = new Int32Array(segments)
  const lower = new Int32Array(segments)
  const edgeOfSegment = new Int32Array(segments)
  let vertex = graph.size
  let segment = 0
  for (let e = 0; e < edges; e++) {
    const span = spanOf(graph, row, e)
    if (loose[e] === 1 || span === 0) continue
    const end = graph.to[e] as number
    let last = graph.from[e] as number
    if (span > 1) bend[e] = vertex
    edgeOfSegment.fill(e, segment, segment + span)
    for (let r = (row[last] as number) + 1; r < (row[end] as number); r++) {
      rows[vertex] = r
      upper[segment] = last
      lower[segment++] = vertex
      last = vertex++
    }
    upper[segment] = last
    lower[segment++] = end
  }
  const count = part[parts.count] as number
  const grouped = adjacency(count, rows, rows)
  const place = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const v = grouped.edge[i] as number
    place[v] = i - (grouped.start[rows[v] as number] as number)
  }
  return {
    real: graph.size,
    size,
    row: rows,
    start: grouped.start,
    slots: grouped.edge,
    place,
    up: adjacency(size, lower, upper),
    down: adjacency(size, upper, lower),
    edgeOfSegment,
    part,
    bend,
    loose,
  }
}

function spanOf(graph: Graph, row: Int32Array, edge: number): number {
  return (row[graph.to[edge] as number] as number) - (row[graph.from[edge] as number] as number)
}

/** Numbers the layers that hold a vertex, part after part, without the empty ones between them. */
function assignRows(size: number, layer: Int32Array, component: Int32Array, count: number) {
  const first = new Int32Array(count).fill(size)
  const last = new Int32Array(count)
  for (let v = 0; v < size; v++) {
    const c = component[v] as number
    first[c] = Math.min(first[c] as number, layer[v] as number)
    last[c] = Math.max(last[c] as number, layer[v] as number)
  }
  const base = new Int32Array(count + 1)
  for (let c = 0; c < count; c++) {
    base[c + 1] = (base[c] as number) + (last[c] as number) - (first[c] as number) + 1
  }
  const used = new Uint8Array(base[count] as number)
  const row = new Int32Array(size)
  for (let v = 0; v < size; v++) {
    const c = component[v] as number
    row[v] = (base[c] as number) + (layer[v] as number) - (first[c] as number)
    used[row[v] as number] = 1
  }
  const compact = new Int32Array(used.length + 1)
  for (let r = 0; r < used.length; r++)
    compact[r + 1] = (compact[r] as number) + (used[r] as number)
  for (let v = 0; v < size; v++) row[v] = compact[row[v] as number] as number
  return { row, part: base.map((r) => compact[r] as number) }
}

/**
 * Bends are what a layout costs, and a chain of n vertices with an edge from each to the last has
 * n²/2 of them. So the longest edges stay without once a graph would get more than it can bear.
 */
function longestBent(graph: Graph, row: Int32Array): number {
  const allowed = 20_000 + 4 * (graph.size + graph.from.length)
  let most = 0
  for (let e = 0; e < graph.from.length; e++) most = Math.max(most, spanOf(graph, row, e))
  const edgesOfSpan = new Int32Array(most + 1)
  for (let e = 0; e < graph.from.length; e++) {
    const span = spanOf(graph, row, e)
    edgesOfSpan[span] = (edgesOfSpan[span] as number) + 1
  }
  let bends = 0
  for (let span = 1; span <= most; span++) {
    bends += (edgesOfSpan[span] as number) * (span - 1)
    if (bends > allowed) return span - 1
  }
  return most
}

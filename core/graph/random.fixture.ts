import { buildGraph, type Graph } from "./graph.ts"
import { randomNumbers } from "./randomNumbers.ts"

/** Any graph at all: cycles, self-loops, double edges, parts. */
export function anyGraph(seed: number): Graph {
  const random = randomNumbers(seed)
  const size = Math.floor(random() * 40)
  const edges = size === 0 ? 0 : Math.floor(random() * size * 2.5)
  const forward = random() < 0.5
  const from: number[] = []
  const to: number[] = []
  for (let e = 0; e < edges; e++) {
    const a = Math.floor(random() * size)
    const b = Math.floor(random() * size)
    from.push(forward ? Math.min(a, b) : a)
    to.push(forward ? Math.max(a, b) : b)
  }
  return buildGraph(size, from, to)
}

/** A layered graph without cycles, about 1.9 edges a vertex, as large workflows are. */
export function layeredGraph(size: number): Graph {
  const random = randomNumbers(size)
  const layers = Math.max(4, Math.round(Math.sqrt(size) / 2))
  const members: number[][] = Array.from({ length: layers }, () => [])
  const layerOf = (v: number) => Math.floor((v * layers) / size)
  for (let v = 0; v < size; v++) members[layerOf(v)]?.push(v)
  const from: number[] = []
  const to: number[] = []
  for (let v = 0; v < size; v++) {
    const layer = layerOf(v)
    if (layer === 0) continue
    const own = members[layer] ?? []
    const taken = new Set<number>()
    for (let left = 1 + Math.floor(random() * 3); left > 0; left--) {
      const parents = members[random() < 0.9 ? layer - 1 : Math.max(0, layer - 2)] ?? []
      const near = ((v - (own[0] ?? 0)) / own.length) * parents.length + (random() - 0.5) * 20
      const parent = parents[Math.max(0, Math.min(parents.length - 1, Math.floor(near)))] ?? 0
      if (taken.has(parent)) continue
      taken.add(parent)
      from.push(parent)
      to.push(v)
    }
  }
  return buildGraph(size, from, to)
}

/** One root, chains of five for each sample, a merge of all, a tail. */
export function genomicGraph(size: number): Graph {
  const from: number[] = []
  const to: number[] = []
  const chains = Math.floor((size - 4) / 5)
  const merge = 1 + chains * 5
  for (let chain = 0; chain < chains; chain++) {
    for (let i = 0; i < 5; i++) {
      const v = 1 + chain * 5 + i
      from.push(i === 0 ? 0 : v - 1)
      to.push(v)
    }
    from.push(5 + chain * 5)
    to.push(merge)
  }
  for (let v = merge; v + 1 < size; v++) {
    from.push(v)
    to.push(v + 1)
  }
  return buildGraph(size, from, to)
}

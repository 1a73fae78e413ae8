import { layeredGraph } from "#core/graph/random.fixture"
import { installPeers, layOut, seconds } from "../graph.mts"
import type { Order, Peer } from "../graphPeer.mts"
import type { Row } from "./rows.mts"

/** Our layout beside those of elkjs, with its cheapest options, and of Graphviz dot, in one run. */
export async function layoutBenchmarks(): Promise<readonly Row[]> {
  const packages = installPeers()
  const run = async (size: number, peer: Peer) => {
    const graph = layeredGraph(size)
    const order: Order = { peer, packages, size: graph.size, from: graph.from, to: graph.to }
    return layOut(order)
  }
  const large = await run(10_000, "ours")
  const small = await run(1000, "ours")
  const dot = await run(1000, "dot")
  if (large === "too slow" || small === "too slow" || dot === "too slow")
    throw new Error("A layout that takes a second or two took longer than a minute.")
  const rows: Row[] = []
  for (const peer of ["elkjs", "dot"] as const) {
    const theirs = await run(10_000, peer)
    const isMore = theirs === "too slow"
    const ms = isMore ? seconds * 1000 : theirs.best
    rows.push({
      what: `layout of 10,000 vertices: ${peer} ${isMore ? "more than " : ""}${Math.round(ms / 1000)} s of the processor, times ours`,
      value: ms / large.best,
      gate: 100,
      aim: 500,
      unit: "×",
      isMoreBetter: true,
    })
  }
  rows.push({
    what: "layout of 1,000 vertices: crossings, times those of dot",
    value: small.crossings / dot.crossings,
    gate: 1.5,
    aim: 1.1,
    unit: "×",
  })
  rows.push({
    what: "layout of 10,000 vertices, cold, of the processor",
    value: large.first,
    gate: 500,
    unit: "ms",
  })
  return rows
}

import { stronglyConnected } from "../graph/cycles.ts"
import { buildGraph, type Graph } from "../graph/graph.ts"
import type { GraphRule, Member, PlacedProblem } from "./rule.ts"

/** Tasks that wait for each other: once for each cycle, at the dependency that closes it. */
export const cycle: GraphRule = {
  name: "cycle",
  dialects: ["execution", "gcs", "colonies-workflow"],
  check: ({ members, lookingDown }) => {
    const problems: PlacedProblem[] = []
    for (const { first, last } of stretches(lookingDown)) {
      const among = members.slice(first, last + 1)
      const edges = edgesOf(among, first)
      const graph = buildGraph(among.length, edges.from, edges.to)
      for (const closing of closings(graph)) {
        if (problems.length === mostCycles) return problems
        problems.push(describe(closing, edges, among))
      }
    }
    return problems
  },
}

/** More cycles than this nobody reads; each one that goes makes room for the next. */
const mostCycles = 100
/** Names in a path, and places beside it. */
const mostNames = 200

/** Edge e leads from a task to one that waits for it, by the dependency `dependency[e]` of that. */
interface Edges {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly dependency: readonly number[]
}

interface Stretch {
  readonly first: number
  readonly last: number
}

/**
 * Where cycles can be: a way that leads up somewhere leads down again past the same tasks, so every
 * task of a cycle stands between one that looks down and what it looks at.
 */
function stretches(lookingDown: Iterable<Member>): readonly Stretch[] {
  const found: Stretch[] = []
  for (const { rank, targets } of lookingDown) {
    let last = rank
    for (const target of targets) if (target && target.rank > last) last = target.rank
    found.push({ first: rank, last })
  }
  const apart: Stretch[] = []
  for (const stretch of found.sort((a, b) => a.first - b.first)) {
    const before = apart.at(-1)
    if (!before || stretch.first > before.last) apart.push(stretch)
    else if (stretch.last > before.last) apart[apart.length - 1] = { ...before, last: stretch.last }
  }
  return apart
}

/** The edges between tasks that stand in a row, of which the first has the rank `first`. */
function edgesOf(members: readonly Member[], first: number): Edges {
  const from: number[] = []
  const to: number[] = []
  const dependency: number[] = []
  for (const member of members) {
    const { targets, rank } = member
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]
      // A task that waits for itself has a rule of its own.
      if (!target || target === member) continue
      const before = target.rank - first
      if (before < 0 || before >= members.length) continue
      from.push(before)
      to.push(rank - first)
      dependency.push(i)
    }
  }
  return { from, to, dependency }
}

/** Each edge that leads back to a task on the way to it; the edges of that way, then itself. */
function* closings(graph: Graph): Generator<readonly number[]> {
  const { component, count } = stronglyConnected(graph)
  const size = new Int32Array(count)
  for (const group of component) size[group] = (size[group] ?? 0) + 1
  const next = graph.out.start.slice(0, graph.size)
  const onWay = new Int32Array(graph.size).fill(-1)
  const seen = new Uint8Array(graph.size)
  for (let root = 0; root < graph.size; root++) {
    if (seen[root] || (size[component[root] ?? 0] ?? 0) < 2) continue
    const way = [root]
    const edges: number[] = []
    seen[root] = 1
    onWay[root] = 0
    while (way.length > 0) {
      const v = way[way.length - 1] ?? 0
      const k = next[v] ?? 0
      if (k === graph.out.start[v + 1]) {
        onWay[v] = -1
        way.pop()
        edges.pop()
        continue
      }
      next[v] = k + 1
      const w = graph.out.node[k] ?? 0
      const edge = graph.out.edge[k] ?? 0
      if (component[w] !== component[v]) continue
      const entered = onWay[w] ?? -1
      if (entered >= 0) yield [...edges.slice(entered), edge]
      else if (!seen[w]) {
        seen[w] = 1
        onWay[w] = way.length
        way.push(w)
        edges.push(edge)
      }
    }
  }
}

function describe(
  path: readonly number[],
  edges: Edges,
  members: readonly Member[],
): PlacedProblem {
  const names = path.map((edge) => nameOf(members[edges.from[edge] ?? 0]))
  const closing = path.at(-1) ?? 0
  const closed = members[edges.to[closing] ?? 0]
  if (!closed) throw new Error("an edge without its task")
  const way = [...shortened(names), names[0]].join(" → ")
  return {
    member: closed,
    problem: {
      code: "cycle",
      severity: "error",
      message: `Tasks wait for each other: ${way}`,
      span: dependencySpan(closed, edges.dependency[closing] ?? 0),
      related: path.slice(0, Math.min(-1, mostNames - path.length)).flatMap((edge) => {
        const member = members[edges.to[edge] ?? 0]
        if (!member) return []
        return {
          member,
          span: dependencySpan(member, edges.dependency[edge] ?? 0),
          message: `"${nameOf(member)}" waits for "${nameOf(members[edges.from[edge] ?? 0])}"`,
        }
      }),
    },
  }
}

function shortened(names: readonly string[]): readonly string[] {
  if (names.length <= mostNames) return names
  const half = mostNames / 2
  const left = names.length - 2 * half
  return [...names.slice(0, half), `(${left} more)`, ...names.slice(-half)]
}

function nameOf(member: Member | undefined): string {
  return member?.task.name?.value ?? ""
}

function dependencySpan({ task }: Member, index: number) {
  return task.dependencies[index]?.target.span ?? task.span
}

import type { Workflow } from "../workflow.ts"

/** A workflow folded by task, as pictures show it. */
export interface TaskGraph {
  readonly name: string
  readonly tasks: readonly TaskNode[]
  readonly edges: readonly TaskEdge[]
}

export interface TaskNode {
  readonly name: string
  /** How many steps it has; null while only the run can tell. */
  readonly steps: number | null
}

export interface TaskEdge {
  /** Places in `tasks`: `to` waits for `from`. */
  readonly from: number
  readonly to: number
  readonly kind: "whole" | "iterate"
}

/**
 * The best that can be said of any text: of tasks with the same name the first counts, what waits
 * for no task of the workflow has no edge, cycles stay.
 */
export function taskGraph(workflow: Workflow): TaskGraph {
  const places = new Map<string, number>()
  const tasks: TaskNode[] = []
  const edges: TaskEdge[] = []
  const named = workflow.tasks.filter(({ name }) => {
    if (!name?.value || places.has(name.value)) return false
    places.set(name.value, places.size)
    return true
  })
  named.forEach(({ name, steps, dependencies }, to) => {
    tasks.push({ name: name?.value ?? "", steps: steps.kind === "known" ? steps.count : null })
    const seen = new Set<number>()
    for (const { target, type } of dependencies) {
      const from = places.get(target.value)
      if (from === undefined || seen.has(from)) continue
      seen.add(from)
      edges.push({ from, to, kind: type })
    }
  })
  return { name: workflow.name?.value ?? "", tasks, edges }
}

/** How many edges the graph of all steps has; that can be far more than fits in memory. */
export function countStepEdges({ tasks, edges }: TaskGraph): number {
  const countOf = (task: number) => tasks[task]?.steps ?? 1
  let count = 0
  for (const { from, to, kind } of edges) count += edgesBetween(countOf(from), countOf(to), kind)
  return count
}

/**
 * Draws the steps of tasks in their task's place, the smallest tasks first, while there are no more
 * than `limit` nodes and four times as many edges. The others stay folded.
 */
export function unfold({ name, tasks, edges }: TaskGraph, limit: number): TaskGraph {
  const drawn = tasks.map(() => 1)
  const touching: TaskEdge[][] = tasks.map(() => [])
  for (const edge of edges) {
    touching[edge.from]?.push(edge)
    if (edge.from !== edge.to) touching[edge.to]?.push(edge)
  }
  const countOf = (edge: TaskEdge) =>
    edgesBetween(drawn[edge.from] ?? 1, drawn[edge.to] ?? 1, edge.kind)
  let nodes = tasks.length
  let lines = edges.length
  const bySize = tasks
    .map((task, place) => ({ steps: task.steps ?? 0, place }))
    .filter(({ steps }) => steps > 1)
    .sort((a, b) => a.steps - b.steps || a.place - b.place)
  for (const { steps, place } of bySize) {
    const own = touching[place] ?? []
    const before = own.reduce((sum, edge) => sum + countOf(edge), 0)
    drawn[place] = steps
    const after = own.reduce((sum, edge) => sum + countOf(edge), 0)
    if (nodes + steps - 1 <= limit && lines + after - before <= 4 * limit) {
      nodes += steps - 1
      lines += after - before
    } else drawn[place] = 1
  }
  return expand(name, tasks, edges, drawn)
}

function expand(
  name: string,
  tasks: readonly TaskNode[],
  edges: readonly TaskEdge[],
  drawn: readonly number[],
): TaskGraph {
  const first: number[] = []
  const nodes: TaskNode[] = []
  tasks.forEach((task, place) => {
    first.push(nodes.length)
    const steps = drawn[place] ?? 1
    if (steps === 1) nodes.push(task)
    else for (let i = 0; i < steps; i++) nodes.push({ name: `${task.name}.${i}`, steps: 1 })
  })
  const lines = edges.flatMap(({ from, to, kind }) => {
    const sources = drawn[from] ?? 1
    const targets = drawn[to] ?? 1
    const line = (i: number, j: number): TaskEdge => ({
      from: (first[from] ?? 0) + i,
      to: (first[to] ?? 0) + j,
      // Step by step, each line joins two single steps; a double line would say no more.
      kind: sources === 1 && targets === 1 ? kind : "whole",
    })
    if (isPairwise(sources, targets, kind)) {
      return Array.from({ length: Math.min(sources, targets) }, (_, i) => line(i, i))
    }
    return Array.from({ length: sources * targets }, (_, k) =>
      line(k % sources, Math.floor(k / sources)),
    )
  })
  return { name, tasks: nodes, edges: lines }
}

function edgesBetween(from: number, to: number, kind: TaskEdge["kind"]): number {
  return isPairwise(from, to, kind) ? Math.min(from, to) : from * to
}

function isPairwise(from: number, to: number, kind: TaskEdge["kind"]): boolean {
  return kind === "iterate" && from > 1 && to > 1
}

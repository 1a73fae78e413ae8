import type { Dialect, StepCount, Workflow } from "../workflow.ts"

/** The steps of a workflow and what each waits for, as `graph --output json` prints it. */
export interface StepGraph {
  readonly name: string
  readonly dialect: Dialect
  readonly nodes: readonly StepNode[]
  readonly edges: readonly StepEdge[]
}

export interface StepNode {
  /** `<task>.<index>`; of a task whose steps are not known yet `<task>.`. */
  readonly id: string
  readonly task: string
  readonly index: number | null
  readonly dynamic: boolean
}

export interface StepEdge {
  readonly from: string
  readonly to: string
}

// Nobody could draw more. A task of more steps is one node, and more edges are left out.
const mostSteps = 20_000
const mostNodes = 200_000
const mostEdges = 500_000

/** Of tasks with the same name the first counts; what waits for no task of the workflow has no edge. */
export function stepGraph({ name, dialect, tasks }: Workflow): StepGraph {
  const nodes: StepNode[] = []
  const byTask = new Map<string, readonly StepNode[]>()
  for (const task of tasks) {
    const own = task.name?.value
    if (!own || byTask.has(own)) continue
    const steps = stepNodes(own, task.steps, mostNodes - nodes.length)
    byTask.set(own, steps)
    for (const node of steps) nodes.push(node)
  }
  return { name: name?.value ?? "", dialect, nodes, edges: edgesBetween(tasks, byTask) }
}

function stepNodes(task: string, steps: StepCount, room: number): readonly StepNode[] {
  if (steps.kind === "dynamic" || steps.count > Math.min(room, mostSteps)) {
    return [{ id: `${task}.`, task, index: null, dynamic: steps.kind === "dynamic" }]
  }
  return Array.from({ length: steps.count }, (_, index) => {
    return { id: `${task}.${index}`, task, index, dynamic: false }
  })
}

function edgesBetween(
  tasks: Workflow["tasks"],
  byTask: ReadonlyMap<string, readonly StepNode[]>,
): readonly StepEdge[] {
  const edges: StepEdge[] = []
  const drawn = new Set<string>()
  for (const { name, dependencies } of tasks) {
    const task = name?.value
    if (!task || drawn.has(task)) continue
    drawn.add(task)
    const targets = new Map(dependencies.map(({ target, type }) => [target.value, type]))
    for (const [target, type] of targets) {
      const from = byTask.get(target) ?? []
      const to = byTask.get(task) ?? []
      // Step by step needs steps on both sides; a task without known steps is taken as a whole.
      const isPaired = type === "iterate" && [...from, ...to].every(({ index }) => index !== null)
      for (const [index, { id }] of to.entries()) {
        for (const source of isPaired ? from.slice(index, index + 1) : from) {
          if (edges.length === mostEdges) return edges
          edges.push({ from: source.id, to: id })
        }
      }
    }
  }
  return edges
}

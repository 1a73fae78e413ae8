import type { Dialect, Workflow } from "../workflow.ts"

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

/** Of tasks with the same name the first counts; what waits for no task of the workflow has no edge. */
export function stepGraph(workflow: Workflow): StepGraph {
  const ids = new Map<string, readonly string[]>()
  const nodes: StepNode[] = []
  const edges: StepEdge[] = []
  for (const { name, steps } of workflow.tasks) {
    const task = name?.value
    if (!task || ids.has(task)) continue
    const own: StepNode[] =
      steps.kind === "dynamic"
        ? [{ id: `${task}.`, task, index: null, dynamic: true }]
        : Array.from({ length: steps.count }, (_, index) => ({
            id: `${task}.${index}`,
            task,
            index,
            dynamic: false,
          }))
    ids.set(
      task,
      own.map((node) => node.id),
    )
    for (const node of own) nodes.push(node)
  }
  const drawn = new Set<string>()
  for (const { name, dependencies } of workflow.tasks) {
    const task = name?.value
    if (!task || drawn.has(task)) continue
    drawn.add(task)
    const to = ids.get(task) ?? []
    const seen = new Set<string>()
    for (const { target, type } of dependencies) {
      if (seen.has(target.value)) continue
      seen.add(target.value)
      const from = ids.get(target.value) ?? []
      // Step by step needs steps on both sides; a task without known steps is taken as a whole.
      const pairwise = type === "iterate" && !ends(from) && !ends(to)
      to.forEach((id, index) => {
        for (const source of pairwise ? from.slice(index, index + 1) : from) {
          edges.push({ from: source, to: id })
        }
      })
    }
  }
  return { name: workflow.name?.value ?? "", dialect: workflow.dialect, nodes, edges }
}

function ends(ids: readonly string[]): boolean {
  return ids.some((id) => id.endsWith("."))
}

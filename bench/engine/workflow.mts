import { genomicGraph, layeredGraph } from "#core/graph/random.fixture"

/** A graph of one-command tasks: what each task waits for, by number. */
export interface Dag {
  readonly name: string
  readonly parents: readonly (readonly number[])[]
}

export function chain(size: number): Dag {
  return {
    name: `chain ${size}`,
    parents: Array.from({ length: size }, (_, index) => (index === 0 ? [] : [index - 1])),
  }
}

/** `size` tasks side by side and one that waits for them all. */
export function fan(size: number): Dag {
  const roots: readonly number[][] = Array.from({ length: size }, () => [])
  return {
    name: `fan ${size} + merge`,
    parents: [...roots, Array.from({ length: size }, (_, i) => i)],
  }
}

export function random(size: number): Dag {
  return fromGraph(`random ${size}`, layeredGraph(size))
}

export function genomic(size: number): Dag {
  return fromGraph(`genomic ${size}`, genomicGraph(size))
}

function fromGraph(name: string, graph: ReturnType<typeof layeredGraph>): Dag {
  const parents: number[][] = Array.from({ length: graph.size }, () => [])
  for (let edge = 0; edge < graph.from.length; edge++) {
    parents[graph.to[edge] ?? 0]?.push(graph.from[edge] ?? 0)
  }
  return { name, parents }
}

export const taskName = (index: number) => `t${index}`

/** The Execution of a graph. `pod` is laid over each pod's spec; without order nothing waits. */
export function executionOf(
  { parents }: Dag,
  name: string,
  { pod, ordered, early }: { pod: object; ordered: boolean; early: boolean },
) {
  return {
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: {
      name,
      annotations: { "execution.kubegene.io/start": early ? "early" : "complete" },
    },
    spec: {
      tasks: parents.map((waitsFor, index) => ({
        name: taskName(index),
        type: "Job",
        image: "busybox:1.36",
        commandSet: ["true"],
        dependents: (ordered ? waitsFor : []).map((parent) => ({
          target: taskName(parent),
          type: "whole",
        })),
        jobTemplate: { spec: { template: { spec: pod } } },
      })),
    },
  }
}

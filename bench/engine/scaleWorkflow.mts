/** A workflow of many steps in few words: a spec of ten thousand tasks would be too large an object. */
export interface Shape {
  readonly name: string
  readonly tasks: (size: number, pod: object) => readonly object[]
}

/** How many steps a deep or layered workflow has side by side, whatever its size. */
const lanes = 100

export const shapes: readonly Shape[] = [
  /** All at once, and one that waits for them all. */
  {
    name: "wide",
    tasks: (size, pod) => [
      task("all", size - 1, pod),
      task("merge", 1, pod, { target: "all", type: "whole" }),
    ],
  },
  /** Chains side by side, each step after the one before it in its chain. */
  {
    name: "deep",
    tasks: (size, pod) =>
      Array.from({ length: size / lanes }, (_, depth) =>
        task(`d${depth}`, lanes, pod, depth > 0 && { target: `d${depth - 1}`, type: "iterate" }),
      ),
  },
  /** Each step of a layer after the whole layer before it. */
  {
    name: "layered",
    tasks: (size, pod) =>
      Array.from({ length: size / lanes }, (_, depth) =>
        task(`l${depth}`, lanes, pod, depth > 0 && { target: `l${depth - 1}`, type: "whole" }),
      ),
  },
]

function task(name: string, count: number, pod: object, after: object | false = false): object {
  return {
    name,
    type: "Job",
    image: "busybox:1.36",
    commandsIter: {
      command: "true ${1}",
      varsIter: [Array.from({ length: count }, (_, index) => index)],
    },
    ...(after ? { dependents: [after] } : {}),
    jobTemplate: { spec: { template: { spec: pod } } },
  }
}

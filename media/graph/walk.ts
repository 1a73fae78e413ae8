import type { Graph } from "#core/graph/graph"
import { type Model, phaseOf, stepPhase } from "./model.ts"
import { nodeArea, type Scene } from "./scene.ts"

export type Way = "back" | "on" | "before" | "after"

/** Which way an arrow key leads: along the edges, or to those beside. */
export function wayOf(key: string, direction: Scene["direction"]): Way | undefined {
  const ways: Readonly<Record<string, Way>> =
    direction === "right"
      ? { ArrowLeft: "back", ArrowRight: "on", ArrowUp: "before", ArrowDown: "after" }
      : { ArrowUp: "back", ArrowDown: "on", ArrowLeft: "before", ArrowRight: "after" }
  return ways[key]
}

/** The next task that way, or undefined where there is none. */
export function walk(model: Model, scene: Scene, task: number, way: Way): number | undefined {
  if (way === "back") return nearest(scene, task, neighbours(model.graph.in, task))
  if (way === "on") return nearest(scene, task, neighbours(model.graph.out, task))
  return beside(scene, task, way === "after" ? 1 : -1)
}

function neighbours({ start, node }: Graph["in"], task: number): number[] {
  return [...node.subarray(start[task], start[task + 1])]
}

function nearest(scene: Scene, task: number, list: readonly number[]): number | undefined {
  const own = middleOf(scene, task)
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (const v of list) {
    if (v === task) continue
    const distance = Math.abs(middleOf(scene, v).across - own.across)
    if (distance >= least) continue
    least = distance
    best = v
  }
  return best
}

/** In the same layer if possible; a task of another layer counts as further away than it is. */
function beside(scene: Scene, task: number, sign: 1 | -1): number | undefined {
  const own = middleOf(scene, task)
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (let v = 0; v < scene.sizes.length; v++) {
    const { across, along } = middleOf(scene, v)
    const distance = (across - own.across) * sign
    if (v === task || distance <= 0) continue
    const cost = distance + 3 * Math.abs(along - own.along)
    if (cost >= least) continue
    least = cost
    best = v
  }
  return best
}

function middleOf(scene: Scene, v: number): { readonly along: number; readonly across: number } {
  const { x, y, width, height } = nodeArea(scene, v)
  return scene.direction === "right"
    ? { along: x, across: y + height / 2 }
    : { along: y, across: x + width / 2 }
}

/** The next task that failed, from this one on and round; with the first step of it that did. */
export function nextFailed(
  model: Model,
  from: number,
): { readonly task: number; readonly step: number | null } | undefined {
  const count = model.picture.tasks.length
  for (let i = 1; i <= count; i++) {
    const task = (from + i + count) % count
    if (phaseOf(model, task) !== "failed") continue
    const first = model.firstStep[task] as number
    const steps = (model.firstStep[task + 1] as number) - first
    for (let step = 0; step < steps && steps > 1; step++) {
      if (stepPhase(model, first + step) === "failed") return { task, step }
    }
    return { task, step: null }
  }
  return undefined
}

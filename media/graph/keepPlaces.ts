import type { Before } from "#core/graph/before"
import type { Model } from "./model.ts"
import type { Scene } from "./scene.ts"

/** What of a picture that is shown there is in another one, in the numbers of that. */
export function beforeOf({ laidOut }: Scene, old: Model, next: Model): Before {
  const same = sameTasks(old, next)
  const edges = new Map(
    old.picture.edges.map(({ from, to }, e) => [from * old.graph.size + to, e] as const),
  )
  const at = (places: Float64Array) =>
    Float64Array.from(same, (v) => (v === -1 ? Number.NaN : (places[v] as number)))
  return {
    x: at(laidOut.x),
    y: at(laidOut.y),
    edge: Int32Array.from(next.picture.edges, ({ from, to }) => {
      const [v, w] = [same[from] as number, same[to] as number]
      return v === -1 || w === -1 ? -1 : (edges.get(v * old.graph.size + w) ?? -1)
    }),
    lines: laidOut.lines,
  }
}

/** The number each task had, or -1. While its name is typed a task is the same. */
export function sameTasks(old: Model, next: Model): Int32Array {
  const tasks = next.picture.tasks
  const same = Int32Array.from(tasks, ({ name }) => old.numbers.get(name) ?? -1)
  if (tasks.length !== old.picture.tasks.length) return same
  const [renamed, ...others] = [...same.keys()].filter((v) => same[v] === -1)
  if (renamed === undefined || others.length > 0) return same
  const before = old.picture.tasks[renamed]
  if (before !== undefined && !next.numbers.has(before.name)) same[renamed] = renamed
  return same
}

/** How far most tasks moved from one picture to the other, if that is most of them. */
export function commonMove(
  before: Scene,
  after: Scene,
  same: Int32Array,
): { readonly x: number; readonly y: number } | undefined {
  const counts = new Map<string, number>()
  let most: { readonly x: number; readonly y: number; readonly count: number } | undefined
  let both = 0
  same.forEach((old, v) => {
    if (old === -1) return
    both++
    const x = (after.laidOut.x[v] as number) - (before.laidOut.x[old] as number)
    const y = (after.laidOut.y[v] as number) - (before.laidOut.y[old] as number)
    const key = `${Math.round(x)} ${Math.round(y)}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (most === undefined || count > most.count) most = { x, y, count }
  })
  return most !== undefined && most.count * 2 >= both ? most : undefined
}

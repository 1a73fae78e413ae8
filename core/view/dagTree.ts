import type { TaskView } from "./statusTree.ts"

/** A run's graph as a tree: each task once, and a link to it under every other task it waits for. */
export interface DagTree {
  readonly roots: readonly string[]
  /** By task; a task that nothing waits for has none. */
  readonly children: ReadonlyMap<string, readonly DagChild[]>
}

export interface DagChild {
  readonly task: string
  /** own: it hangs here; above, below: a link to where it hangs. */
  readonly kind: "own" | "above" | "below"
}

/** A task hangs under the one of its dependencies that ended last, for that one started it. */
export function dagTree(
  tasks: readonly Pick<TaskView, "name" | "dependencies" | "finishedAt">[],
): DagTree {
  const byName = new Map(tasks.map((task) => [task.name, task]))
  const home = new Map<string, string>()
  const followers = new Map<string, string[]>()
  const roots: string[] = []
  for (const { name, dependencies } of tasks) {
    const parents = [...new Set(dependencies.map(({ task }) => task))].filter(
      (parent) => parent !== name && byName.has(parent),
    )
    const last = lastOf(parents, (parent) => byName.get(parent)?.finishedAt ?? null)
    if (last === undefined) roots.push(name)
    else home.set(name, last)
    for (const parent of parents) {
      const list = followers.get(parent)
      if (list === undefined) followers.set(parent, [name])
      else list.push(name)
    }
  }
  const place = placesOf(roots, (name) =>
    (followers.get(name) ?? []).filter((follower) => home.get(follower) === name),
  )
  const children = new Map<string, readonly DagChild[]>()
  for (const [parent, names] of followers) {
    const own = names.filter((name) => home.get(name) === parent)
    const others = names.filter((name) => home.get(name) !== parent)
    const isAbove = (task: string) => (place.get(task) ?? 0) < (place.get(parent) ?? 0)
    children.set(parent, [
      ...own.map((task): DagChild => ({ task, kind: "own" })),
      ...others.map((task): DagChild => ({ task, kind: isAbove(task) ? "above" : "below" })),
    ])
  }
  return { roots, children }
}

/** The one that ended last; one that has not ended yet ends later than all. */
function lastOf(
  parents: readonly string[],
  endOf: (parent: string) => string | null,
): string | undefined {
  let last: string | undefined
  let end: string | null = null
  for (const parent of parents) {
    const mine = endOf(parent)
    const isLater = last === undefined || (end !== null && (mine === null || mine > end))
    if (!isLater) continue
    last = parent
    end = mine
  }
  return last
}

/** The order in which the rows of a fully unfolded tree stand. */
function placesOf(
  roots: readonly string[],
  childrenOf: (name: string) => readonly string[],
): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  const left = roots.toReversed()
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (places.has(name)) continue
    places.set(name, places.size)
    left.push(...childrenOf(name).toReversed())
  }
  return places
}

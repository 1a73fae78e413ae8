import type { Span } from "../problem.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import type { StepCount } from "../workflow.ts"
import type { Where } from "./where.ts"

export interface NameWish {
  /** The word that is there so far: names that have its letters in this order. */
  readonly typed: string
  /** A dependency that stands here is the one being written. */
  readonly span: Span | undefined
  readonly most: number
}

export interface Names {
  readonly names: readonly string[]
  readonly isCut: boolean
}

/**
 * The tasks that a task may wait for, the nearest above it first: not itself, none that waits for
 * it, none it waits for already.
 */
export function targets(where: Where, wish: NameWish, isIterate = false): Names {
  const { task } = where
  const own = task?.task.name?.value
  const others = (task?.task.dependencies ?? []).filter(
    ({ target }) => !isAt(target.span, wish.span),
  )
  const taken = new Set(others.map(({ target }) => target.value))
  const needed = task?.task.references?.map(({ target }) => target.value)
  const followers = own === undefined ? new Set<string>() : followersOf(where, own)
  const isFree = (item: TaskItem, name: string) => {
    if (item === task || name === own || taken.has(name) || followers.has(name)) return false
    // Who reads a result waits for whom it reads, and for nobody else.
    if (needed && (others.length > 0 || isIterate || needed.some((read) => read !== name)))
      return false
    if (!isIterate) return true
    const isLate = where.dialect === "execution" && (item.task.late || task?.task.late)
    return task !== undefined && !isLate && sameCount(item.task.steps, task.task.steps)
  }
  return pick(where, wish, isFree)
}

/** The tasks whose result a task may read: the only one it waits for, if that has one step. */
export function readable(where: Where, wish: NameWish): Names {
  const [only, ...more] = where.task?.task.dependencies ?? []
  if (!only || more.length > 0 || only.type !== "whole") return { names: [], isCut: false }
  return pick(where, wish, ({ task: { steps } }, name) => {
    return name === only.target.value && (steps.kind === "dynamic" || steps.count <= 1)
  })
}

export function allTasks(where: Where, wish: NameWish): Names {
  return pick(where, wish, () => true)
}

function pick(
  { standing, task }: Where,
  { typed, most }: NameWish,
  isFree: (item: TaskItem, name: string) => boolean,
): Names {
  const { items } = standing.document.text
  const from = task?.rank ?? items.length
  const names = new Set<string>()
  const look = (item: TaskItem | undefined) => {
    const name = item?.task.name?.value
    if (item && name && hasLetters(name, typed) && isFree(item, name)) names.add(name)
  }
  for (let rank = from - 1; rank >= 0 && names.size <= most; rank--) look(items[rank])
  for (let rank = from; rank < items.length && names.size <= most; rank++) look(items[rank])
  return { names: [...names].slice(0, most), isCut: names.size > most }
}

/** Whether a name has the letters that were typed, in that order. */
function hasLetters(name: string, typed: string): boolean {
  const text = name.toLowerCase()
  let at = 0
  for (const letter of typed.toLowerCase()) {
    at = text.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** Every task that waits for a task, or for one that does. */
export function followersOf({ standing }: Where, name: string): ReadonlySet<string> {
  const { members } = standing.document
  const found = new Set<string>()
  const left = [name]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const { task } of members?.waitingFor(next) ?? []) {
      const follower = task.name?.value
      if (follower === undefined || found.has(follower)) continue
      if (!task.dependencies.some(({ target }) => target.value === next)) continue
      found.add(follower)
      left.push(follower)
    }
  }
  return found
}

function sameCount(a: StepCount, b: StepCount): boolean {
  return a.kind === "known" && b.kind === "known" && a.count === b.count && a.count > 0
}

function isAt(span: Span, place: Span | undefined): boolean {
  return place !== undefined && span.start <= place.end && place.start <= span.end
}

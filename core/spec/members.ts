import { NameIndex } from "../check/nameIndex.ts"
import { allowedSlips, distanceTo } from "../check/nearest.ts"
import type {
  CrossProblem,
  GraphRule,
  Member,
  NeighbourRule,
  PlacedProblem,
  Surroundings,
} from "../check/rule.ts"
import type { TaskFacts } from "../workflow.ts"
import type { TaskItem } from "./taskItem.ts"

/** The rules that look across tasks, for one dialect. */
export interface CrossRules {
  readonly neighbour: readonly NeighbourRule[]
  readonly graph: readonly GraphRule[]
}

/**
 * Who is called what and who waits for whom. It is kept across edits, and so is what the rules that
 * look across tasks said: only those tasks are asked again whose surroundings changed.
 */
export class Members {
  readonly #rules: CrossRules
  readonly #byName = new Map<string, TaskItem[]>()
  /** By name the tasks that wait for it or refer to it. */
  readonly #waiting = new Map<string, TaskItem[]>()
  readonly #unsorted = new Set<string>()
  readonly #asked = new Set<TaskItem>()
  readonly #suggestions = new Suggestions()
  /** Until the first answers every task is asked anyway. */
  #isNew = true
  #graphChanged = true
  #graphProblems: readonly PlacedProblem[] = []
  readonly #pointedAt = new Set<Member>()
  /** Tasks that wait for one below them. The order of two tasks never changes, so this stays true. */
  readonly #lookingDown = new Set<TaskItem>()
  readonly #off = new Set<TaskItem>()

  constructor(rules: CrossRules) {
    this.#rules = rules
  }

  /** What was said of a task is not true any more; undefined: it was not there, or is not any more. */
  update(item: TaskItem, before: TaskFacts | undefined, after: TaskFacts | undefined): void {
    const oldName = before?.name?.value
    const newName = after?.name?.value
    const isSame = before !== undefined && after !== undefined
    const named = isSame && oldName === newName
    const waits = isSame && sameTargets(before, after)
    if (!named) {
      if (oldName !== undefined) this.#forget(this.#byName, oldName, item)
      if (newName !== undefined) this.#remember(this.#byName, newName, item)
    }
    if (!waits) {
      for (const name of before ? targetNames(before) : []) this.#forget(this.#waiting, name, item)
      for (const name of after ? targetNames(after) : []) this.#remember(this.#waiting, name, item)
    }
    if (!named || !waits || before.off !== after.off || this.#pointedAt.has(item)) {
      this.#graphChanged = true
    }
    if (!named) {
      this.#askAround(oldName, () => true)
      this.#askAround(newName, () => true)
    } else {
      const steps = !sameSteps(before, after)
      this.#askAround(newName, (other) => other.cross.length > 0 || (steps && minds(other)))
    }
    if (after) this.#asked.add(item)
    else {
      this.#asked.delete(item)
      this.#lookingDown.delete(item)
      this.#off.delete(item)
      item.cross = []
      item.targets = []
    }
  }

  /** The workflow's own name or the like changed. */
  headChanged(items: readonly TaskItem[], minds: (item: TaskItem) => boolean): void {
    for (const item of items) if (item.reading && minds(item)) this.#asked.add(item)
  }

  /** Asks the rules about all tasks whose surroundings changed, and answers which those were. */
  settle(
    items: readonly TaskItem[],
    surroundings: Pick<Surroundings, "dialect" | "head">,
  ): readonly TaskItem[] {
    for (const wrong of this.#suggestions.settle(this.#waiting, this.#byName)) {
      for (const item of this.#waiting.get(wrong) ?? []) this.#asked.add(item)
    }
    const around: Surroundings = {
      ...surroundings,
      named: (name) => this.named(name),
      nearest: (name) => this.#suggestions.for(name, this.#byName),
    }
    for (const item of this.#asked) {
      item.targets = item.task.dependencies.map(({ target }) => this.named(target.value)[0])
      const looksDown = item.targets.some((target) => target && target.rank > item.rank)
      if (looksDown) this.#lookingDown.add(item)
      else this.#lookingDown.delete(item)
      if (item.task.off) this.#off.add(item)
      else this.#off.delete(item)
    }
    for (const item of this.#asked) {
      let cross = nothing
      for (const rule of this.#rules.neighbour) {
        const found = rule.check(item, around)
        if (found.length > 0) cross = cross.length > 0 ? [...cross, ...found] : found
      }
      item.cross = cross
    }
    this.#isNew = false
    const asked = [...this.#asked]
    this.#asked.clear()
    if (this.#graphChanged) this.#askGraph(items)
    return asked
  }

  get graphProblems(): readonly PlacedProblem[] {
    return this.#graphProblems
  }

  /** Every task of that name, in the order of the text. */
  named(name: string): readonly TaskItem[] {
    const items = this.#byName.get(name)
    if (!items) return []
    if (this.#unsorted.delete(name)) items.sort((a, b) => a.rank - b.rank)
    return items
  }

  /** Every task that waits for that name or refers to it, in no order. */
  waitingFor(name: string): readonly TaskItem[] {
    return this.#waiting.get(name) ?? []
  }

  #askGraph(items: readonly TaskItem[]): void {
    this.#graphChanged = false
    this.#pointedAt.clear()
    const lookingDown = this.#lookingDown
    const subject = { members: items, lookingDown, anyOff: this.#off.size > 0 }
    this.#graphProblems = this.#rules.graph.flatMap((rule) => rule.check(subject))
    for (const { member, problem } of this.#graphProblems) {
      this.#pointedAt.add(member)
      for (const place of problem.related ?? []) this.#pointedAt.add(place.member)
    }
  }

  #askAround(name: string | undefined, minds: (item: TaskItem) => boolean): void {
    if (name === undefined || this.#isNew) return
    for (const item of this.#byName.get(name) ?? []) if (minds(item)) this.#asked.add(item)
    for (const item of this.#waiting.get(name) ?? []) if (minds(item)) this.#asked.add(item)
  }

  #remember(map: Map<string, TaskItem[]>, name: string, item: TaskItem): void {
    const items = map.get(name)
    if (items) {
      items.push(item)
      if (map === this.#byName) this.#unsorted.add(name)
    } else {
      map.set(name, [item])
      this.#suggestions.changed(name, map === this.#byName)
    }
  }

  #forget(map: Map<string, TaskItem[]>, name: string, item: TaskItem): void {
    const items = map.get(name)
    const at = items?.indexOf(item) ?? -1
    if (!items || at < 0) return
    if (items.length > 1) {
      items.splice(at, 1)
      return
    }
    map.delete(name)
    this.#suggestions.changed(name, map === this.#byName)
  }
}

/**
 * The right name for each wrong one. Every name may be the right one for another, so the answers
 * are kept and only compared with the names that come and go.
 */
class Suggestions {
  readonly #answers = new Map<string, { meant: string | undefined; slips: number }>()
  readonly #wrong = new Set<string>()
  readonly #changedNames = new Set<string>()
  readonly #changedTargets = new Set<string>()
  /** Made with the first question. */
  #index: NameIndex | undefined
  #isGiving = true
  /** Before the first answers there is nothing to compare names with. */
  #isNew = true

  changed(name: string, isName: boolean): void {
    if (this.#isNew) return
    if (isName) this.#changedNames.add(name)
    this.#changedTargets.add(name)
  }

  /** Takes in what changed; answers the wrong names for which another answer may be due. */
  settle(
    waiting: ReadonlyMap<string, unknown>,
    names: ReadonlyMap<string, unknown>,
  ): readonly string[] {
    for (const name of this.#isNew ? waiting.keys() : this.#changedTargets) {
      if (waiting.has(name) && !names.has(name)) this.#wrong.add(name)
      else {
        this.#wrong.delete(name)
        this.#answers.delete(name)
      }
    }
    this.#isNew = false
    this.#changedTargets.clear()
    const wasGiving = this.#isGiving
    this.#isGiving = this.#wrong.size <= mostWrong
    const due: string[] = []
    if (!this.#isGiving) this.#answers.clear()
    for (const [wrong, { meant, slips }] of this.#answers) {
      if (this.#isStale(wrong, meant, slips, names)) due.push(wrong)
    }
    for (const wrong of due) this.#answers.delete(wrong)
    for (const name of this.#changedNames) {
      if (names.has(name)) this.#index?.add(name)
      else this.#index?.remove(name)
    }
    this.#changedNames.clear()
    return wasGiving === this.#isGiving ? due : [...this.#wrong]
  }

  for(wrong: string, names: ReadonlyMap<string, unknown>): string | undefined {
    if (!this.#isGiving) return undefined
    const known = this.#answers.get(wrong)
    if (known) return known.meant
    this.#index ??= new NameIndex(names.keys())
    const meant = this.#index.nearest(wrong)
    const slips = meant === undefined ? allowedSlips(wrong) : distanceTo(wrong)(meant)
    this.#answers.set(wrong, { meant, slips })
    return meant
  }

  #isStale(
    wrong: string,
    meant: string | undefined,
    slips: number,
    names: ReadonlyMap<string, unknown>,
  ): boolean {
    if (meant !== undefined && !names.has(meant)) return true
    if (this.#changedNames.size === 0) return false
    const distance = distanceTo(wrong)
    for (const name of this.#changedNames) {
      if (names.has(name) && name !== meant && distance(name) <= slips) return true
    }
    return false
  }
}

/** Where more names than this are wrong, it is not a slip of the finger. */
const mostWrong = 32

const nothing: readonly CrossProblem[] = []

function minds({ task }: TaskItem): boolean {
  return task.references !== undefined || task.dependencies.some(({ type }) => type === "iterate")
}

function sameSteps(a: TaskFacts, b: TaskFacts): boolean {
  if (a.late !== b.late || a.steps.kind !== b.steps.kind) return false
  return a.steps.kind === "dynamic" || b.steps.kind === "dynamic" || a.steps.count === b.steps.count
}

function sameTargets(a: TaskFacts, b: TaskFacts): boolean {
  const ours = a.dependencies
  const theirs = b.dependencies
  if (ours.length !== theirs.length || a.references?.length !== b.references?.length) return false
  return (
    ours.every((dependency, i) => dependency.target.value === theirs[i]?.target.value) &&
    (a.references ?? []).every(({ target }, i) => target.value === b.references?.[i]?.target.value)
  )
}

function targetNames({ dependencies, references }: TaskFacts): readonly string[] {
  if (dependencies.length === 0 && !references) return []
  if (dependencies.length === 1 && !references) return [dependencies[0]?.target.value ?? ""]
  const names = new Set(dependencies.map(({ target }) => target.value))
  for (const { target } of references ?? []) names.add(target.value)
  return [...names]
}

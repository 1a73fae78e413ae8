import { applyJobChange } from "#core/view/jobChange"
import type { JobView } from "#core/view/jobView"
import { applyRunChange } from "#core/view/runChange"
import type { SequenceItem } from "#core/view/sequence/items"
import {
  itemOfPod,
  itemsOfJob,
  itemsOfRun,
  itemsOfStep,
  restOfJob,
} from "#core/view/sequence/items"
import type { SequenceRow } from "#core/view/sequence/row"
import {
  type Arrangement,
  arrange,
  plainArrangement,
  type RowGroup,
  rowsOf,
} from "#core/view/sequence/rows"
import { type Scale, scaleOf } from "#core/view/sequence/scale"
import { type Done, doneOf, type Totals, totalsOf } from "#core/view/sequence/totals"
import type { RunView } from "#core/view/statusTree"
import type { SequenceToPage } from "./protocol.ts"

type Source =
  | { readonly kind: "run"; readonly view: RunView }
  | { readonly kind: "job"; readonly view: JobView }

/** A group with its sums; rows are replaced in place when only they changed. */
export interface ShownGroup extends Omit<RowGroup, "rows"> {
  readonly rows: SequenceRow[]
  totals: Totals
  done: Done
}

/** Making sums and orders anew takes at most this part of the time, however large the picture. */
const share = 1 / 30

/**
 * What is shown, kept up to date. A row that changed is shown at the next frame; orders, sums and
 * the scale of a large picture follow as soon as their making leaves the frames alone.
 */
export class SequenceModel {
  #source: Source | undefined
  #items: readonly SequenceItem[] = []
  #rows: readonly SequenceRow[] = []
  #podRows: readonly SequenceRow[] = []
  #groups: readonly ShownGroup[] = []
  #places = new Map<string, { readonly group: ShownGroup; readonly index: number }>()
  #by: Arrangement = plainArrangement
  #cutsGaps = true
  #gapShare = 0.06
  #scale: Scale = scaleOf([], { now: 0, cutsGaps: false, gapShare: 0 })
  #done: Done = { done: 0, all: 0, failedTries: 0 }
  #isReshaped = false
  #isSummedUp = true
  #nextAt = 0
  #sumsAt = 0
  #now = 0
  #lastTime = 0
  /** Counts up whenever rows stand at other places. */
  version = 0

  get source(): Source | undefined {
    return this.#source
  }

  get by(): Arrangement {
    return this.#by
  }

  get groups(): readonly ShownGroup[] {
    return this.#groups
  }

  /** All that are not filtered out, in order. */
  get shownRows(): readonly SequenceRow[] {
    return this.#groups.flatMap((group) => group.rows)
  }

  get allRows(): readonly SequenceRow[] {
    return this.#rows
  }

  /** A row for each pod, whatever is shown. */
  get podRows(): readonly SequenceRow[] {
    return this.#podRows
  }

  get scale(): Scale {
    return this.#scale
  }

  get done(): Done {
    return this.#done
  }

  /** In whole seconds, as all other times are, and never before what was seen. */
  get now(): number {
    return this.#now
  }

  get isLive(): boolean {
    return this.#groups.some((group) => group.totals.isOpen) || this.#isOpen
  }

  get cutsGaps(): boolean {
    return this.#cutsGaps
  }

  get #isOpen(): boolean {
    const source = this.#source
    if (source === undefined) return false
    return source.kind === "run"
      ? source.view.finishedAt === null
      : source.view.jobs.some((job) => job.finishedAt === null)
  }

  take(message: SequenceToPage): void {
    switch (message.kind) {
      case "run":
      case "job":
        this.#source = message
        this.#isReshaped = true
        this.#nextAt = 0
        break
      case "run changed": {
        if (this.#source?.kind !== "run") return
        const { change } = message
        this.#source = { kind: "run", view: applyRunChange(this.#source.view, change) }
        if (change.whole !== undefined || change.tasks.some(({ phase }) => phase === "unknown")) {
          this.#isReshaped = true
        }
        this.#patch(
          change.steps.flatMap(({ task, steps }) => steps.map((step) => itemsOfStep(task, step))),
        )
        break
      }
      case "job changed": {
        if (this.#source?.kind !== "job") return
        this.#source = { kind: "job", view: applyJobChange(this.#source.view, message.change) }
        this.#patch(
          message.change.jobs.flatMap(({ job, pods }) => [
            ...pods.map((one) => {
              const known = this.#places.get(`${job.name}/${one.pod}`)
              const item = known?.group.rows[known.index]?.item
              return [itemOfPod(job, one, item?.kind === "pod" ? item.tryNumber : 1)]
            }),
            ...(job.missing > 0 ? [[restOfJob(job)]] : []),
          ]),
        )
        // Work without a pod has no row any more once there is none.
        if (
          message.change.jobs.some(({ job }) => job.missing === 0 && this.#places.has(job.name))
        ) {
          this.#isReshaped = true
        }
        break
      }
      case "place":
      case "trouble":
      case "look":
        break
    }
  }

  arrangeBy(by: Arrangement): void {
    this.#by = by
    this.#isReshaped = true
    this.#nextAt = 0
  }

  cutGaps(cutsGaps: boolean): void {
    this.#cutsGaps = cutsGaps
    this.#isSummedUp = false
    this.#sumsAt = 0
  }

  setGapShare(gapShare: number): void {
    if (gapShare === this.#gapShare) return
    this.#gapShare = gapShare
    this.#isSummedUp = false
  }

  rowById(id: string): SequenceRow | undefined {
    const place = this.#places.get(id)
    return place?.group.rows[place.index]
  }

  /** Brings up to date what is due; answers whether anything became different. */
  refresh(clock: number): boolean {
    const now = Math.max(Math.floor(clock / 1000) * 1000, this.#lastTime)
    const isLater = now !== this.#now
    this.#now = now
    if (isLater && this.isLive) this.#isSummedUp = false
    const began = performance.now()
    if (this.#isReshaped && began >= this.#nextAt) {
      this.#reshape()
      this.#nextAt = performance.now() + (performance.now() - began) / share
      this.#sumsAt = this.#nextAt
      return true
    }
    if (!this.#isSummedUp && began >= this.#sumsAt) {
      this.#sumUp()
      this.#sumsAt = performance.now() + (performance.now() - began) / share
      return true
    }
    return isLater && this.isLive
  }

  /** Puts changed rows in place of what they were, where that keeps the order. */
  #patch(changed: readonly (readonly SequenceItem[])[]): void {
    const { rowsBy, groupBy, sortBy, find, phases } = this.#by
    const keepsOrder =
      rowsBy === "pod" &&
      groupBy === "job" &&
      (sortBy === "start" || sortBy === "index" || sortBy === "name") &&
      find === "" &&
      phases.length === 0
    this.#isSummedUp = false
    if (!keepsOrder || this.#isReshaped) {
      this.#isReshaped = true
      return
    }
    for (const items of changed) {
      for (const row of rowsOf(items, "pod")) {
        const place = this.#places.get(row.id)
        const before = place?.group.rows[place.index]
        if (!place || !before || !isInPlaceOf(row, before)) {
          this.#isReshaped = true
          return
        }
        // What a step without a pod counts for is the whole group's.
        if (row.item.kind === "rest" && row.item.step !== undefined) this.#isReshaped = true
        else place.group.rows[place.index] = row
      }
    }
  }

  #reshape(): void {
    const source = this.#source
    if (source === undefined) return
    this.#isReshaped = false
    this.#items = source.kind === "run" ? itemsOfRun(source.view) : itemsOfJob(source.view)
    this.#rows = rowsOf(this.#items, this.#by.rowsBy)
    this.#podRows = this.#by.rowsBy === "pod" ? this.#rows : rowsOf(this.#items, "pod")
    const done = this.#doneByGroup()
    this.#groups = arrange(this.#rows, this.#by, this.#now).map((group) => ({
      ...group,
      rows: [...group.rows],
      totals: totalsOf(group.rows, this.#now),
      done: done.get(group.id) ?? doneOf(group.rows.map(({ item }) => item)),
    }))
    this.#places = new Map()
    for (const group of this.#groups) {
      for (const [index, row] of group.rows.entries()) this.#places.set(row.id, { group, index })
    }
    this.version++
    this.#sumUp()
  }

  #sumUp(): void {
    this.#isSummedUp = true
    const { rowsBy } = this.#by
    // Rows that were replaced in place are the newest there are.
    if (rowsBy === "pod" && this.#by.find === "" && this.#by.phases.length === 0) {
      this.#rows = this.shownRows
      this.#podRows = this.#rows
      this.#items = this.#rows.map(({ item }) => item)
      for (const group of this.#groups) {
        group.done = countRest(doneOf(group.rows.map(({ item }) => item)), group.rows)
      }
      this.#done = this.#groups.reduce(
        (sum, { done }) => ({
          done: sum.done + done.done,
          all: sum.all + done.all,
          failedTries: sum.failedTries + done.failedTries,
        }),
        { done: 0, all: 0, failedTries: 0 },
      )
    } else this.#done = doneOf(this.#items)
    for (const { begin, end } of this.#podRows) {
      this.#lastTime = Math.max(this.#lastTime, begin ?? 0, end ?? 0)
    }
    this.#now = Math.max(this.#now, this.#lastTime)
    for (const group of this.#groups) group.totals = totalsOf(group.rows, this.#now)
    this.#scale = scaleOf(this.#podRows, {
      now: this.#now,
      cutsGaps: this.#cutsGaps,
      gapShare: this.#gapShare,
    })
  }

  #doneByGroup(): ReadonlyMap<string, Done> {
    if (this.#by.groupBy !== "job") return new Map()
    const byGroup = new Map<string, SequenceItem[]>()
    for (const item of this.#items) {
      const list = byGroup.get(item.group)
      if (list) list.push(item)
      else byGroup.set(item.group, [item])
    }
    return new Map([...byGroup].map(([group, items]) => [group, doneOf(items)]))
  }
}

function isInPlaceOf(row: SequenceRow, before: SequenceRow): boolean {
  return row.begin === before.begin && row.item.kind === before.item.kind
}

/** A row of work without pods stands for more than its first piece. */
function countRest(done: Done, rows: readonly SequenceRow[]): Done {
  let more = 0
  let moreDone = 0
  for (const { item, count, phase } of rows) {
    if (item.kind !== "rest") continue
    more += count - item.count
    if (phase === "reused" || phase === "skipped") moreDone += count - item.count
  }
  return { ...done, all: done.all + more, done: done.done + moreDone }
}

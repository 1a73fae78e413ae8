import type { SequenceRow } from "#core/view/sequence/row"
import type { RunView } from "#core/view/statusTree"
import { groupAt, type RowLayout } from "./rowLayout.ts"

/** That a row began after another one had ended, because it waits for it. */
export interface Link {
  readonly from: SequenceRow
  readonly to: SequenceRow
  readonly fromTop: number
  readonly toTop: number
}

interface Placed {
  readonly row: SequenceRow
  readonly top: number
}

/** What every row with a step waited for last: its twin, or the last step of the task before it. */
export class Links {
  readonly #run: RunView
  readonly #layout: RowLayout
  readonly #byTask = new Map<string, { readonly byIndex: Map<number, Placed>; last: Placed }>()

  constructor(run: RunView, layout: RowLayout) {
    const { groups, rowHeight } = layout
    this.#run = run
    this.#layout = layout
    for (const { group, top, head, isFolded } of groups) {
      if (isFolded) continue
      for (const [index, row] of group.rows.entries()) {
        if (row.end === undefined || row.begin === undefined) continue
        this.#add({ row, top: top + head + index * rowHeight })
      }
    }
  }

  #add(placed: Placed): void {
    const { group, index } = placed.row.item
    const known = this.#byTask.get(group)
    const end = placed.row.end ?? 0
    if (known === undefined) {
      this.#byTask.set(group, {
        byIndex: new Map(index === undefined ? [] : [[index, placed]]),
        last: placed,
      })
      return
    }
    if (end >= (known.last.row.end ?? 0)) known.last = placed
    if (index === undefined) return
    const twin = known.byIndex.get(index)
    if (twin === undefined || end >= (twin.row.end ?? 0)) known.byIndex.set(index, placed)
  }

  /** Into these rows, where they are unfolded. */
  of(ids: ReadonlySet<string>): readonly Link[] {
    return this.#layout.groups.flatMap(({ group, top, head, isFolded }) =>
      isFolded
        ? []
        : group.rows.flatMap((row, index) =>
            ids.has(row.id) ? this.#into(row, top + head + index * this.#layout.rowHeight) : [],
          ),
    )
  }

  /** Into every row that is seen. */
  between(top: number, height: number): readonly Link[] {
    const { groups, rowHeight } = this.#layout
    const links: Link[] = []
    for (let index = groupAt(this.#layout, top); index < groups.length; index++) {
      const place = groups[index]
      if (place === undefined || place.top > top + height) break
      if (place.isFolded) continue
      for (const [nth, row] of place.group.rows.entries()) {
        const at = place.top + place.head + nth * rowHeight
        if (at + rowHeight >= top && at <= top + height) links.push(...this.#into(row, at))
      }
    }
    return links
  }

  /** What this row waited for. */
  #into(row: SequenceRow, top: number): readonly Link[] {
    const task = this.#run.tasks.find(({ name }) => name === row.item.group)
    if (task === undefined || row.begin === undefined) return []
    return task.dependencies.flatMap(({ task: name, type }) => {
      const before = this.#byTask.get(name)
      const index = row.item.index
      const twin =
        type === "iterate" && index !== undefined ? before?.byIndex.get(index) : before?.last
      return twin && twin.row.id !== row.id
        ? [{ from: twin.row, to: row, fromTop: twin.top, toTop: top }]
        : []
    })
  }
}

import type { SequenceRow } from "#core/view/sequence/row"
import type { RunView } from "#core/view/statusTree"
import type { RowLayout } from "./rowLayout.ts"

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
  readonly #byTask = new Map<string, { readonly byIndex: Map<number, Placed>; last: Placed }>()

  constructor(run: RunView, { groups, rowHeight }: RowLayout) {
    this.#run = run
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

  /** What this row waited for; a try after the first waited for the try before it. */
  into(row: SequenceRow, top: number): readonly Link[] {
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

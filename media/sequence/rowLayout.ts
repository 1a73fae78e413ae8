import type { SequenceRow } from "#core/view/sequence/row"
import type { ShownGroup } from "./model.ts"

/** Where each row stands, in pixels from the top of the whole list. */
export interface RowLayout {
  readonly rowHeight: number
  readonly height: number
  readonly groups: readonly GroupPlace[]
  /** Rows too low to be named. */
  readonly isCrowded: boolean
}

export interface GroupPlace {
  readonly group: ShownGroup
  readonly top: number
  /** Of its line with the sums; 0 where there is none. */
  readonly head: number
  readonly isFolded: boolean
  readonly bottom: number
}

export const headHeight = 34

/** The more rows, the lower they are: past a thousand a pixel each. */
export function rowHeightFor(count: number): number {
  if (count <= 40) return 26
  if (count <= 200) return 18
  return count <= 1000 ? 12 : 1
}

export function layOutRows(
  groups: readonly ShownGroup[],
  folded: ReadonlySet<string>,
  hasHeads: boolean,
): RowLayout {
  const count = groups.reduce((sum, { rows }) => sum + rows.length, 0)
  const rowHeight = rowHeightFor(count)
  const head = hasHeads ? headHeight : 0
  let top = 0
  const places = groups.map((group): GroupPlace => {
    const isFolded = hasHeads && folded.has(group.id)
    const bottom = top + head + (isFolded ? 0 : group.rows.length * rowHeight)
    const place = { group, top, head, isFolded, bottom }
    top = bottom
    return place
  })
  return { rowHeight, height: top, groups: places, isCrowded: rowHeight < 10 }
}

/** The first group that reaches below `y`. */
export function groupAt({ groups }: RowLayout, y: number): number {
  let low = 0
  let high = groups.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((groups[middle]?.bottom ?? 0) <= y) low = middle + 1
    else high = middle
  }
  return low
}

export type Hit =
  | { readonly kind: "row"; readonly row: SequenceRow; readonly top: number }
  | { readonly kind: "head"; readonly place: GroupPlace }

export function hitAt(layout: RowLayout, y: number): Hit | undefined {
  const place = layout.groups[groupAt(layout, y)]
  if (place === undefined || y < place.top) return undefined
  if (y < place.top + place.head) return { kind: "head", place }
  const index = Math.floor((y - place.top - place.head) / layout.rowHeight)
  const row = place.group.rows[index]
  return row && { kind: "row", row, top: place.top + place.head + index * layout.rowHeight }
}

/** By row: where it stands, for those that are unfolded. */
export function topOf(layout: RowLayout, id: string): number | undefined {
  for (const { group, top, head, isFolded } of layout.groups) {
    if (isFolded) continue
    const index = group.rows.findIndex((row) => row.id === id)
    if (index >= 0) return top + head + index * layout.rowHeight
  }
  return undefined
}

/** In the order they stand in. */
export function rowsInOrder({ groups }: RowLayout): readonly SequenceRow[] {
  return groups.flatMap(({ group, isFolded }) => (isFolded ? [] : group.rows))
}

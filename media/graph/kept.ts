import type { Direction } from "#core/graph/layout"
import { type ViewPhase, viewPhases } from "#core/view/phase"
import type { View } from "./view.ts"

/** How a graph was looked at, over a reload. */
export interface Kept {
  /** Null: the whole of it. */
  readonly view: View | null
  /** Undefined: as the panel's shape has it. */
  readonly direction: Direction | undefined
  readonly unfolded: readonly string[]
  readonly filter: readonly ViewPhase[]
  readonly chosen: string | null
}

/** What an earlier page, perhaps of an earlier version, kept: as much of it as can be used. */
export function readKept(kept: unknown): Kept | undefined {
  if (typeof kept !== "object" || kept === null) return undefined
  const { view, direction, unfolded, filter, chosen } = kept as Readonly<Record<string, unknown>>
  return {
    view: readView(view),
    direction: direction === "right" || direction === "down" ? direction : undefined,
    unfolded: strings(unfolded),
    filter: viewPhases.filter((phase) => strings(filter).includes(phase)),
    chosen: typeof chosen === "string" ? chosen : null,
  }
}

function readView(view: unknown): View | null {
  if (typeof view !== "object" || view === null) return null
  const { x, y, scale } = view as Readonly<Record<string, unknown>>
  const isView = [x, y, scale].every(Number.isFinite) && (scale as number) > 0
  return isView ? { x: x as number, y: y as number, scale: scale as number } : null
}

function strings(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : []
}

import type { InlayHint, Range } from "vscode-languageserver-types"
import { taskHints } from "#core/hint/inlayHints"
import { rangeOf, type SpecFile, type Standing } from "#core/spec/specFile"
import type { TaskItem } from "#core/spec/taskItem"

/** The hints of the tasks that are in sight. */
export function inlayHints(file: SpecFile, { start, end }: Range): InlayHint[] {
  const hints: InlayHint[] = []
  for (const standing of file.standing()) {
    const last = standing.line + standing.document.text.lineEnds
    if (last < start.line || standing.line > end.line) continue
    for (const item of itemsIn(standing, start.line, end.line)) {
      for (const { place, label, tooltip } of taskHints(item, standing)) {
        hints.push({
          position: rangeOf(place, standing).end,
          label,
          paddingLeft: true,
          ...(tooltip ? { tooltip: { kind: "markdown", value: tooltip } } : {}),
        })
      }
    }
  }
  return hints
}

function itemsIn({ document, line }: Standing, first: number, last: number): readonly TaskItem[] {
  const { items, layout } = document.text
  if (!layout) return items.length <= mostWithoutLines ? items : []
  const itemAt = (wanted: number) => {
    const spot = { line: Math.max(0, wanted - line), character: 0 }
    return document.text.spotAt(spot).item?.rank
  }
  const from = itemAt(first) ?? 0
  const to = itemAt(last) ?? items.length - 1
  return items.slice(from, Math.min(to, from + most) + 1)
}

/** No editor shows more of them at once. */
const most = 2000
/** In a text that is not laid out line by line each task is looked up in the tree of all. */
const mostWithoutLines = 300

import { lengthText, percentText } from "#core/view/length"
import { figuresOf, type SequenceRow } from "#core/view/sequence/row"
import { element } from "../shared/element.ts"
import { t } from "../shared/words.ts"
import { clockText, nameOf, phaseWord, segmentWord } from "./sequenceWords.ts"

/** What a row says when it is pointed at. */
export function popOf(row: SequenceRow, now: number, title = nameOf(row)): HTMLElement {
  const total = figuresOf(row, now).total
  const lines: (readonly [string, string])[] = row.segments.map(({ kind, from, to }, index) => {
    const length = Math.max(0, (to ?? now) - from)
    return [
      segmentWord(kind, row, index === 0),
      `${lengthText(length)} · ${percentText(length, total)}`,
    ]
  })
  if (row.begin !== undefined) {
    const end = row.end === undefined ? t("now") : clockText(row.end)
    lines.push([`${clockText(row.begin)} → ${end}`, lengthText(total)])
  }
  const { item } = row
  if (item.kind === "pod" && item.node !== undefined) lines.push([t("node"), item.node])
  if (row.tries > 1) lines.push([t("try"), String(row.tries)])
  // So many that they do not help any more are not listed.
  const shown = lines.length > 14 ? lines.slice(-8) : lines
  return element(
    "div",
    {},
    element("div", { class: "strong" }, title),
    element("div", { class: "dim" }, phaseWord(row)),
    element(
      "div",
      { class: "figures" },
      ...shown.flatMap(([word, value]) => [
        element("span", { class: "dim" }, word),
        element("span", {}, value),
      ]),
    ),
    ...(row.reason === undefined ? [] : [element("div", { class: "reason" }, row.reason)]),
    ...(item.kind === "pod" && !item.isSeen
      ? [
          element(
            "div",
            { class: "reason dim" },
            t("The pod is gone: these are the times of its Job."),
          ),
        ]
      : []),
  )
}

/** Beside the pointer, and inside the panel. */
export function placePop(pop: HTMLElement, x: number, y: number): void {
  const { offsetWidth, offsetHeight } = pop
  const left = x + 16 + offsetWidth > innerWidth ? x - 16 - offsetWidth : x + 16
  const top = y + 18 + offsetHeight > innerHeight ? y - 12 - offsetHeight : y + 18
  pop.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`
  pop.style.top = `${Math.max(8, top)}px`
}

import { lengthText } from "#core/view/length"
import { type LogLevel, logLevels } from "#core/view/log/logLevel"
import type { LogLines } from "#core/view/log/logLines"
import type { LogRow } from "#core/view/log/logRows"
import { cutName } from "../shared/cutName.ts"
import { codicon, element } from "../shared/element.ts"
import { countText, t } from "../shared/words.ts"
import { lineText, mostShown } from "./lineText.ts"
import { lookOf, shapeOf } from "./sources.ts"

export interface RowSetting {
  readonly lines: LogLines
  readonly found: RegExp | undefined
  readonly hasTimes: boolean
  /** Names of steps in the order they came. */
  readonly names: readonly string[]
  readonly expanded: ReadonlySet<number>
  /** The place that was led to last. */
  readonly current: number | undefined
  readonly open: (from: number) => void
  readonly expand: (place: number) => void
}

/** One row. Only the text of lines can be selected, so that what is copied is what was printed. */
export function rowView(row: LogRow, setting: RowSetting): HTMLElement {
  switch (row.kind) {
    case "line":
      return lineView(row.place, setting)
    case "try":
      return tryView(row.place, setting)
    case "fold":
    case "equal":
      return foldView(row, setting)
  }
}

function lineView(place: number, setting: RowSetting): HTMLElement {
  const { lines, found, hasTimes, names, expanded, current } = setting
  const source = lines.sources[lines.source(place)]
  const order = names.indexOf(source?.name ?? "")
  const text = lines.text(place)
  const level = lines.level(place)
  const isWhole = expanded.has(place)
  const bar = element("span", { class: "bar" })
  bar.style.backgroundColor = lookOf(order).color
  const name = element("span", { class: "source", title: source?.pod }, shapeOf(order))
  name.append(cutName(source?.name ?? ""))
  name.style.color = lookOf(order).color
  const words = element("span", { class: "text" }, ...lineText(text, found, isWhole))
  const more: HTMLElement[] = []
  if (!isWhole && text.length > mostShown) {
    const button = element("button", { class: "link whole" }, t("Show All of This Line"))
    button.addEventListener("click", () => setting.expand(place))
    words.append("…")
    more.push(button)
  }
  return element(
    "div",
    {
      class: `row ${levelClass(level)}${current === place ? " current" : ""}`,
      "data-place": place,
    },
    element("span", { class: "number" }, String(place + 1)),
    ...(hasTimes
      ? [element("span", { class: "time" }, source?.isTimed ? timeText(lines.time(place)) : "")]
      : []),
    bar,
    name,
    levelSign(level),
    words,
    ...more,
  )
}

function tryView(place: number, { lines }: RowSetting): HTMLElement {
  const source = lines.sources[lines.source(place)]
  const places = {
    step: source?.name ?? "",
    number: source?.tryNumber ?? 1,
    pod: source?.pod ?? "",
  }
  return element(
    "div",
    { class: "row divide" },
    codicon("debug-restart"),
    t("{step}: try {number} begins, pod {pod}", places),
  )
}

function foldView(
  { kind, from, to }: Extract<LogRow, { readonly from: number }>,
  { lines, open }: RowSetting,
): HTMLElement {
  const count = to - from + 1
  const length = lines.time(to) - lines.time(from)
  const places = { count: countText(count), length: lengthText(length) }
  const sentence =
    kind === "equal"
      ? t("The same line {count} more times, in {length}", places)
      : length > 0
        ? t("{count} lines without a match, {length}", places)
        : t("{count} lines without a match", places)
  const button = element("button", { class: "row fold" })
  button.append(
    codicon("chevron-right"),
    levelSign(kind === "equal" ? lines.level(from) : 0),
    sentence,
  )
  button.addEventListener("click", () => open(from))
  return button
}

function levelSign(level: LogLevel): HTMLElement {
  const sign = element("span", { class: "level" })
  if (level === logLevels.error) sign.append(codicon("error"), unseen(t("Error: ")))
  if (level === logLevels.warning) sign.append(codicon("warning"), unseen(t("Warning: ")))
  return sign
}

function unseen(text: string): HTMLElement {
  return element("span", { class: "unseen" }, text)
}

function levelClass(level: LogLevel): string {
  switch (level) {
    case logLevels.error:
      return "error"
    case logLevels.warning:
      return "warning"
    case logLevels.debug:
      return "debug"
    default:
      return ""
  }
}

export function timeText(time: number): string {
  if (time === 0) return ""
  const date = new Date(time)
  const two = (number: number) => String(number).padStart(2, "0")
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`
}

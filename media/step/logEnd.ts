import { readAnsi } from "#core/view/ansi"
import type { StepDetail } from "#core/view/stepDetail"
import { clockText } from "../shared/clock.ts"
import { element } from "../shared/element.ts"
import { t } from "../shared/words.ts"
import { type Draw, isOver, type StepModel, triesOf, tryNames } from "./model.ts"

/** The last lines of the last try, and the way to all of them. */
export function logSection(
  detail: StepDetail,
  { logs, isLogRead, refused }: Pick<StepModel, "logs" | "isLogRead" | "refused">,
  { post }: Pick<Draw, "post">,
): readonly HTMLElement[] {
  const tries = triesOf(detail)
  const last = tries.findLastIndex(({ pod }) => logs.has(pod))
  const lines = logs.get(tries[last]?.pod ?? "") ?? []
  const why = refused.get("log")
  if (detail.step.attempts.length === 0 && why === undefined) return []
  const whole = element("button", { class: "link" }, t("Show Whole Log"))
  whole.addEventListener("click", () => post({ kind: "act", act: "log" }))
  const title =
    tries.length > 1 && last >= 0
      ? t("End of the log, try {number}", { number: tryNames(detail)[last] ?? "" })
      : t("End of the log")
  return [
    element(
      "section",
      {},
      element("h2", {}, title, whole),
      lines.length === 0
        ? element("p", { class: "dim" }, why ?? whyEmpty(detail, isLogRead))
        : element("div", { class: "log mono" }, ...lines.map(lineOf)),
    ),
  ]
}

function whyEmpty(detail: StepDetail, isLogRead: boolean): string {
  if (!isOver(detail)) return t("No output yet.")
  if (!isLogRead) return t("Its log is being read.")
  const isThere = triesOf(detail).some((one) => one.detail?.deletedAt === null)
  return isThere ? t("It printed nothing.") : t("Nothing of its log can be read any more.")
}

function lineOf(line: string): HTMLElement {
  const match = /^(\d{4}-\d\d-\d\dT\S+) ?/.exec(line)
  const time = match?.[1]
  const text = readAnsi(match ? line.slice(match[0].length) : line).text
  return element(
    "div",
    { class: "line" },
    ...(time === undefined ? [] : [element("span", { class: "dim" }, clockText(time)), "  "]),
    text,
  )
}

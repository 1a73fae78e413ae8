import type { ConditionView } from "#core/view/conditions"
import { clockText } from "../shared/clock.ts"
import { codicon, element } from "../shared/element.ts"
import { t } from "../shared/words.ts"
import { clamped } from "./events.ts"
import type { StepModel } from "./model.ts"

/** What Kubernetes says of the Job and of its last pod. */
export function conditionsSection({ objects }: Pick<StepModel, "objects">): readonly HTMLElement[] {
  const rows = (["Job", "Pod"] as const).flatMap((kind) =>
    (objects.get(kind)?.conditions ?? []).map((one) => rowOf(kind, one)),
  )
  if (rows.length === 0) return []
  return [
    element(
      "section",
      {},
      element("h2", {}, t("Conditions")),
      element("table", { class: "events" }, element("tbody", {}, ...rows)),
    ),
  ]
}

function rowOf(kind: string, { type, isTrue, since, reason, message }: ConditionView): HTMLElement {
  const [icon, word] =
    isTrue === null
      ? (["question", t("not known")] as const)
      : isTrue
        ? (["check", t("yes")] as const)
        : (["circle-slash", t("no")] as const)
  const isBad = isTrue === true && badTypes.has(type)
  const why = [reason, message].filter((part) => part !== "").join(": ")
  return element(
    "tr",
    {},
    element("td", { class: "dim" }, since === null ? "" : clockText(since)),
    element(
      "td",
      { class: isBad ? "bad" : "dim" },
      codicon(isBad ? "error" : icon),
      element("span", { class: "unseen" }, word),
    ),
    element("td", {}, element("span", { class: "dim" }, `${kind} `), type),
    element("td", {}, clamped(why === "" ? word : why)),
  )
}

/** Those that tell of something amiss when they are so. */
const badTypes: ReadonlySet<string> = new Set(["Failed", "FailureTarget", "DisruptionTarget"])

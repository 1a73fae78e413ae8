import { lengthText } from "#core/view/length"
import { phaseLooks } from "#core/view/phase"
import type { StepDetail } from "#core/view/stepDetail"
import { element } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import { t } from "../shared/words.ts"
import { groupEvents } from "./events.ts"
import { type Draw, type StepModel, type Tab, tabs, triesOf, tryNames } from "./model.ts"
import type { ObjectKind } from "./protocol.ts"

/** Which tabs there are: a place without stored objects has none to show. */
export function tabsOf({ detail, events, objects }: StepModel): readonly Tab[] {
  const hasJob = (detail?.step.attempts.length ?? 0) > 0
  const hasPod = detail !== undefined && triesOf(detail).length > 0
  return tabs.filter((tab) => {
    if (tab === "Job") return hasJob && objects.get("Job") !== null
    if (tab === "Pod") return hasPod && objects.get("Job") !== null
    if (tab === "events") return events !== null
    return tab !== "containers" || hasPod
  })
}

export function tabName(tab: Tab): string {
  switch (tab) {
    case "summary":
      return t("Summary")
    case "events":
      return t("Events")
    case "containers":
      return t("Containers")
    case "Job":
      return t("Job YAML")
    case "Pod":
      return t("Pod YAML")
  }
}

export function tabCount(tab: Tab, { events }: StepModel): number {
  return tab === "events" ? groupEvents(events ?? []).length : 0
}

export function yamlSection(of: ObjectKind, { objects, refused }: StepModel): HTMLElement {
  const object = objects.get(of)
  const said = refused.get(of) ?? (object === null ? t("It is not there any more.") : undefined)
  if (object === null || object === undefined || said !== undefined) {
    return element("p", { class: "dim" }, said ?? t("Reading…"))
  }
  const lines = object.text.split("\n").map((line) => element("div", {}, line === "" ? " " : line))
  return element("pre", { class: "yaml mono", tabindex: 0, "aria-label": tabName(of) }, ...lines)
}

export function containersSection(detail: StepDetail, { theme, now }: Draw): HTMLElement {
  const names = tryNames(detail)
  const rows = triesOf(detail).flatMap(({ pod, detail: seen }, index) =>
    (seen?.containers ?? []).map((one) => {
      const { name, role, image, phase, startedAt, finishedAt, exitCode, restarts } = one
      const length =
        startedAt === null
          ? ""
          : lengthText((finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt))
      const ended = exitCode === null ? "" : t("exit code {code}", { code: exitCode })
      return element(
        "tr",
        {},
        element("td", { title: pod }, t("Try {number}", { number: names[index] ?? "" })),
        element("td", { class: "mono" }, name),
        element("td", { class: "dim" }, role),
        element(
          "td",
          { class: `phase-${phase}` },
          element(
            "span",
            { class: "stand" },
            phaseSign(phase, theme, 14),
            t(phaseLooks[phase].word),
          ),
        ),
        element("td", { class: "number" }, length),
        element("td", { class: "number" }, ended),
        element("td", { class: "number" }, String(restarts)),
        element("td", { class: "mono" }, image),
      )
    }),
  )
  const heads = [
    t("Try"),
    t("Name"),
    t("Role"),
    t("Phase"),
    t("Ran"),
    t("End"),
    t("Restarts"),
    t("Image"),
  ]
  return element(
    "table",
    { class: "containers" },
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", {}, head)))),
    element("tbody", {}, ...rows),
  )
}

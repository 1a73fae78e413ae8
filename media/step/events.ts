import { clockText } from "../shared/clock.ts"
import { codicon, element } from "../shared/element.ts"
import { t } from "../shared/words.ts"
import { type Draw, isOver, type StepModel } from "./model.ts"
import type { EventView } from "./protocol.ts"

const firstCount = 3

/** Newest first, equal ones as one; `most`: how many of them. */
export function eventsSection(
  model: Pick<StepModel, "events" | "refused" | "detail">,
  draw: Pick<Draw, "showTab">,
  isShort: boolean,
): readonly HTMLElement[] {
  const { events, refused } = model
  const groups = groupEvents(events ?? [])
  const why = refused.get("events")
  if (why === undefined && events === null) return []
  const heading = element("h2", {}, t("Events"))
  if (isShort && groups.length > firstCount) {
    const all = element(
      "button",
      { class: "link" },
      t("Show all {count}", { count: groups.length }),
    )
    all.addEventListener("click", () => draw.showTab("events"))
    heading.append(all)
  }
  const shown = isShort ? groups.slice(0, firstCount) : groups
  return [
    element(
      "section",
      {},
      heading,
      why === undefined && groups.length > 0
        ? element(
            "table",
            { class: "events" },
            element("tbody", {}, ...shown.map((one) => rowOf(one, isShort))),
          )
        : element("p", { class: "dim" }, why ?? whyNone(model)),
    ),
  ]
}

/** Not known yet, none so far, and none any more are three different things. */
function whyNone({ events, detail }: Pick<StepModel, "events" | "detail">): string {
  if (events === undefined || detail === undefined) return t("Events are being looked up.")
  if (!isOver(detail)) return t("No events yet.")
  return detail.step.attempts.length === 0
    ? t("There are no events: no Job was made for it.")
    : t("The cluster keeps no events of it any more.")
}

export function groupEvents(events: readonly EventView[]): readonly EventView[] {
  const groups = new Map<string, EventView>()
  for (const event of events) {
    const key = `${event.reason}\n${event.message}`
    const known = groups.get(key)
    const count = (known?.count ?? 0) + event.count
    const lastAt = Math.max(known?.lastAt ?? 0, event.lastAt)
    groups.set(key, { ...event, count, lastAt })
  }
  return [...groups.values()].sort((a, b) => b.lastAt - a.lastAt)
}

function rowOf(event: EventView, isShort: boolean): HTMLElement {
  const { type, reason, message, count, lastAt } = event
  const isBad = type !== "Normal"
  return element(
    "tr",
    {},
    element("td", { class: "dim" }, clockText(lastAt)),
    element(
      "td",
      { class: isBad ? "warned" : "dim" },
      codicon(isBad ? "warning" : "info"),
      element("span", { class: "unseen" }, isBad ? t("Warning") : t("Information")),
    ),
    element("td", {}, reason.slice(0, 100)),
    element(
      "td",
      {},
      isShort ? clamped(message) : message.slice(0, 2000),
      ...(count > 1 ? [element("span", { class: "dim" }, t(" {count} times", { count }))] : []),
    ),
  )
}

/** Three lines of what may be pages; more of it at the pointer. */
export function clamped(text: string): HTMLElement {
  return element("span", { class: "clamp", title: text.slice(0, 2000) }, text.slice(0, 2000))
}

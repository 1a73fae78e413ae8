import { element, setAttributes } from "../shared/element.ts"
import { t } from "../shared/words.ts"
import type { Choice } from "./canvas.ts"
import { type Model, stepPhase } from "./model.ts"
import { spoken, word } from "./saying.ts"

/**
 * The same graph as a tree behind the picture, for screen readers; it is what has the keyboard.
 * Of many tasks only those round the chosen one are in it, each saying which of how many it is.
 */
export class Twin {
  readonly element = element("div", {
    class: "twin",
    role: "tree",
    tabindex: 0,
    "aria-label": t("Graph"),
    "aria-description": t(
      "Arrows follow dependencies, Space unfolds a task, Page Down goes through its steps, Enter opens a step, slash finds, F goes to the next failure.",
    ),
  })

  show(model: Model, chosen: Choice | undefined, unfolded: ReadonlySet<string>): void {
    const { tasks } = model.picture
    const middle = chosen?.task ?? 0
    const from = Math.max(0, Math.min(middle - around, tasks.length - 2 * around))
    const to = Math.min(tasks.length, from + 2 * around)
    const now = Date.now()
    const items: HTMLElement[] = []
    for (let v = from; v < to; v++) {
      const { name = "", steps = 1 } = tasks[v] ?? {}
      const isUnfolded = unfolded.has(name)
      const isChosen = chosen?.task === v
      const item = element("div", {
        role: "treeitem",
        id: `task-${v}`,
        "aria-level": 1,
        "aria-setsize": tasks.length,
        "aria-posinset": v + 1,
        "aria-selected": isChosen && chosen.step === null ? "true" : "false",
      })
      if (steps !== null && steps > 1) item.setAttribute("aria-expanded", String(isUnfolded))
      item.append(element("span", {}, spoken(model, v, now)))
      if (isChosen && isUnfolded && steps !== null) item.append(stepsOf(model, v, steps, chosen))
      items.push(item)
    }
    this.element.replaceChildren(...items)
    const active =
      chosen === undefined
        ? undefined
        : chosen.step === null
          ? `task-${chosen.task}`
          : `step-${chosen.step}`
    setAttributes(this.element, { "aria-activedescendant": active })
  }
}

function stepsOf(model: Model, task: number, steps: number, chosen: Choice): HTMLElement {
  const first = model.firstStep[task] as number
  const middle = chosen.step ?? 0
  const from = Math.max(0, middle - around)
  const to = Math.min(steps, middle + around)
  const group = element("div", { role: "group" })
  for (let i = from; i < to; i++) {
    group.append(
      element(
        "div",
        {
          role: "treeitem",
          id: `step-${i}`,
          "aria-level": 2,
          "aria-setsize": steps,
          "aria-posinset": i + 1,
          "aria-selected": chosen.step === i ? "true" : "false",
        },
        `${model.picture.tasks[task]?.name}.${i}, ${word(stepPhase(model, first + i)).toLowerCase()}`,
      ),
    )
  }
  return group
}

/** Items on each side of the chosen one. */
const around = 25

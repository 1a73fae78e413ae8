import { element, setAttributes, setText } from "../shared/element.ts"
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

  /** The items that are there, by their ids: a listener's place among them must not be lost. */
  #items = new Map<string, HTMLElement>()
  #shape = ""

  show(model: Model, chosen: Choice | undefined, unfolded: ReadonlySet<string>): void {
    const { tasks } = model.picture
    const middle = chosen?.task ?? 0
    const from = Math.max(0, Math.min(middle - around, tasks.length - 2 * around))
    const to = Math.min(tasks.length, from + 2 * around)
    const now = Date.now()
    const tops: HTMLElement[] = []
    const shape: unknown[] = [tasks.length]
    const before = this.#items
    this.#items = new Map()
    const item = (id: string, attributes: Parameters<typeof setAttributes>[1], text: string) => {
      const made = before.get(id) ?? element("div", { role: "treeitem", id }, element("span"))
      this.#items.set(id, made)
      setAttributes(made, attributes)
      if (made.firstElementChild) setText(made.firstElementChild, text)
      shape.push(id)
      return made
    }
    for (let v = from; v < to; v++) {
      const { name = "", steps = 1 } = tasks[v] ?? {}
      const isUnfolded = unfolded.has(name)
      const isChosen = chosen?.task === v
      const top = item(
        `task-${v}`,
        {
          "aria-level": 1,
          "aria-setsize": tasks.length,
          "aria-posinset": v + 1,
          "aria-selected": String(isChosen && chosen.step === null),
          "aria-expanded": steps !== null && steps > 1 ? String(isUnfolded) : undefined,
        },
        spoken(model, v, now),
      )
      tops.push(top)
      top.querySelector("[role=group]")?.remove()
      if (!isChosen || !isUnfolded || steps === null) continue
      const first = model.firstStep[v] as number
      const low = Math.max(0, (chosen.step ?? 0) - around)
      const group = element("div", { role: "group" })
      for (let i = low; i < Math.min(steps, low + 2 * around); i++) {
        const attributes = {
          "aria-level": 2,
          "aria-setsize": steps,
          "aria-posinset": i + 1,
          "aria-selected": String(chosen.step === i),
        }
        const phase = word(stepPhase(model, first + i)).toLowerCase()
        group.append(item(`step-${v}-${i}`, attributes, `${name}.${i}, ${phase}`))
      }
      top.append(group)
    }
    if (shape.join() !== this.#shape) this.element.replaceChildren(...tops)
    this.#shape = shape.join()
    const active =
      chosen === undefined
        ? undefined
        : chosen.step === null
          ? `task-${chosen.task}`
          : `step-${chosen.task}-${chosen.step}`
    setAttributes(this.element, { "aria-activedescendant": active })
  }
}

/** Items on each side of the chosen one. */
const around = 25

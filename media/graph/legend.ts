import { element } from "../shared/element.ts"
import { t } from "../shared/words.ts"
import { type Model, phaseOf } from "./model.ts"

/** Explains the lines that are in the picture, and no others. */
export function showLegend(list: HTMLElement, model: Model, reversed: Uint8Array): void {
  const { edges } = model.picture
  const isOff = (to: number) => model.hasRun && phaseOf(model, to) === "skipped"
  const entries: Node[] = []
  if (edges.some(({ kind, to }) => kind === "whole" && !isOff(to))) {
    entries.push(entry(["M0 4h30"], t("waits for all steps")))
  }
  if (edges.some(({ kind, to }) => kind === "iterate" && !isOff(to))) {
    entries.push(entry(["M0 2h30", "M0 6h30"], t("step waits for its twin")))
  }
  if (edges.some(({ to }) => isOff(to))) {
    entries.push(entry(["M0 4h30"], t("condition was false"), "3 4"))
  }
  if (reversed.includes(1)) entries.push(entry(["M0 4h30"], t("closes a cycle"), "3 4"))
  list.replaceChildren(...entries)
}

function entry(paths: readonly string[], meaning: string, dashes?: string): HTMLLIElement {
  const picture = document.createElementNS(svgName, "svg")
  picture.setAttribute("viewBox", "0 0 30 8")
  picture.setAttribute("aria-hidden", "true")
  for (const d of paths) {
    const path = document.createElementNS(svgName, "path")
    path.setAttribute("d", d)
    if (dashes !== undefined) path.setAttribute("stroke-dasharray", dashes)
    picture.append(path)
  }
  const item = element("li")
  item.append(picture, meaning)
  return item
}

const svgName = "http://www.w3.org/2000/svg"

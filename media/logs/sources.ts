import { element } from "../shared/element.ts"

const shapes = ["●", "■", "▲", "◆", "✚"] as const
const colors = ["blue", "purple", "green", "orange", "yellow"] as const

/** How a step is told apart from others, by the order in which they came: shape and colour. */
export function lookOf(order: number): { readonly shape: string; readonly color: string } {
  const color = colors[order % colors.length] ?? "blue"
  const turn = Math.floor(order / colors.length)
  const shape = shapes[(order + turn) % shapes.length] ?? "●"
  return { shape, color: `var(--vscode-charts-${color})` }
}

export function shapeOf(order: number): HTMLElement {
  const { shape, color } = lookOf(order)
  const sign = element("span", { class: "shape", "aria-hidden": "true" }, shape)
  sign.style.color = color
  return sign
}

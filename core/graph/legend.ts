import type { Layout } from "./layout.ts"
import type { TaskGraph } from "./taskGraph.ts"
import { textWidth } from "./textWidth.ts"

export interface Legend {
  readonly width: number
  readonly height: number
  /** SVG, its upper left corner at 0, 0. */
  readonly drawing: string
}

/** Explains the signs that are in the picture and that nobody can guess. */
export function legend(
  { tasks, edges }: TaskGraph,
  { reversed }: Pick<Layout, "reversed">,
): Legend {
  const entries: [sign: string, meaning: string][] = []
  if (edges.some((edge) => edge.kind === "iterate")) {
    const line = `M0 ${middle}h${signWidth}`
    const sign = `<path class="edge twin" d="${line}"/><path class="gap" d="${line}"/>`
    entries.push([sign, "each step waits for its twin"])
  }
  if (tasks.some((task) => task.steps === null)) {
    const card = `<rect class="card unknown" y="${middle - 6}" width="${signWidth}" height="12" rx="2"/>`
    entries.push([card, "number of steps not known yet"])
  }
  if (reversed.includes(1)) {
    entries.push([`<path class="edge back" d="M0 ${middle}h${signWidth}"/>`, "closes a cycle"])
  }
  const rows = entries.map(([sign, meaning], i) => {
    const text = `<text class="legend" x="${signWidth + 8}" y="${middle + 4}">${meaning}</text>`
    return `<g transform="translate(0 ${i * rowHeight})">${sign}${text}</g>`
  })
  const widest = Math.max(0, ...entries.map(([, meaning]) => textWidth(meaning)))
  return {
    width: entries.length === 0 ? 0 : signWidth + 8 + Math.ceil(widest * fontSize),
    height: entries.length * rowHeight,
    drawing: rows.join("\n"),
  }
}

const fontSize = 11
const signWidth = 28
const rowHeight = 20
const middle = 10

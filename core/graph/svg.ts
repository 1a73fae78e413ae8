import { buildGraph } from "./graph.ts"
import { type Direction, type Layout, layout } from "./layout.ts"
import { legend } from "./legend.ts"
import { linePath } from "./linePath.ts"
import type { TaskEdge, TaskGraph, TaskNode } from "./taskGraph.ts"
import { cutToWidth, textWidth } from "./textWidth.ts"

/** A picture that stands on its own: light or dark with its reader, and told in words for screen readers. */
export function svg(graph: TaskGraph, direction: Direction = "right"): string {
  const { tasks, edges } = graph
  const cards = tasks.map(cardOf)
  const placed = layout({
    graph: buildGraph(
      tasks.length,
      edges.map((edge) => edge.from),
      edges.map((edge) => edge.to),
    ),
    width: cards.map((card) => card.width + card.behind),
    height: cards.map((card) => card.height + card.behind),
    direction,
  })
  const signs = legend(graph, placed)
  const below = Math.ceil(placed.height) + (signs.height > 0 ? margin : 0)
  const width = Math.max(Math.ceil(placed.width), signs.width) + 2 * margin
  const height = below + signs.height + 2 * margin
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(graph.name || "Workflow")}</title>`,
    `<desc>${escapeXml(inWords(graph))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<g transform="translate(${margin} ${margin})">`,
    ...edges.map((edge, e) => drawEdge(edge, e, placed, direction)),
    ...cards.map((card, v) => drawCard(card, placed.x[v] ?? 0, placed.y[v] ?? 0)),
    `<g transform="translate(0 ${below})">${signs.drawing}</g>`,
    "</g>",
    "</svg>",
  ].join("\n")}\n`
}

const margin = 20
const fontSize = 12
const narrowest = 112
const widestName = 216

interface Card {
  readonly task: TaskNode
  readonly name: string
  readonly count: string
  readonly width: number
  readonly height: number
  /** How far the cards behind it, which stand for its other steps, look out. */
  readonly behind: number
}

function cardOf(task: TaskNode): Card {
  const name = cutToWidth(task.name, widestName / fontSize)
  const count = task.steps === 1 ? "" : `×${task.steps ?? "?"}`
  const text = textWidth(name) + (count ? textWidth(count) + 1 : 0)
  const width = Math.max(narrowest, Math.ceil(text * fontSize) + 24)
  return { task, name, count, width, height: 36, behind: count ? 6 : 0 }
}

function drawCard(
  { task, name, count, width, height, behind }: Card,
  x: number,
  y: number,
): string {
  const box = (shift: number) =>
    `<rect class="card${task.steps === null ? " unknown" : ""}" x="${shift}" y="${shift}" width="${width}" height="${height}" rx="5"/>`
  const cards = behind ? `${box(behind)}${box(behind / 2)}${box(0)}` : box(0)
  const middle = height / 2 + 4
  const number = count ? `<text class="count" x="${width - 12}" y="${middle}">${count}</text>` : ""
  return [
    `<g transform="translate(${round(x)} ${round(y)})"><title>${escapeXml(sentence(task))}</title>`,
    cards,
    `<text x="12" y="${middle}">${escapeXml(name)}</text>${number}</g>`,
  ].join("")
}

function drawEdge(edge: TaskEdge, e: number, placed: Layout, direction: Direction): string {
  const { path, head } = linePath(placed.lines, e, direction)
  const back = placed.reversed[e] === 1 ? " back" : ""
  const line =
    edge.kind === "iterate"
      ? `<path class="edge twin${back}" d="${path}"/><path class="gap" d="${path}"/>`
      : `<path class="edge${back}" d="${path}"/>`
  return `${line}<path class="head${back}" d="${head}"/>`
}

/** Plain rules, no variables: not only browsers draw these files. */
const style = [
  "text{font:600 12px system-ui,-apple-system,'Segoe UI',Roboto,Ubuntu,'Helvetica Neue',Arial,sans-serif;fill:#3b3b3b}",
  ".count{font-weight:400;text-anchor:end;fill:#616161}",
  ".legend{font-weight:400;font-size:11px;fill:#616161}",
  ".ground{fill:#fff}",
  ".card{fill:#f8f8f8;stroke:#a0a0a0}",
  ".unknown{stroke-dasharray:4 3}",
  ".edge{fill:none;stroke:#8a8a8a;stroke-width:1.25}",
  ".twin{stroke-width:4}",
  ".gap{fill:none;stroke:#fff;stroke-width:1.75}",
  ".head{fill:#8a8a8a}",
  ".edge.back{stroke:#c72e0f}",
  ".head.back{fill:#c72e0f}",
  "@media(prefers-color-scheme:dark){",
  "text{fill:#ccc}",
  ".count{fill:#9d9d9d}",
  ".legend{fill:#9d9d9d}",
  ".ground{fill:#1f1f1f}",
  ".card{fill:#2a2a2a;stroke:#6e6e6e}",
  ".edge{stroke:#8f8f8f}",
  ".gap{stroke:#1f1f1f}",
  ".head{fill:#8f8f8f}",
  ".edge.back{stroke:#f48771}",
  ".head.back{fill:#f48771}",
  "}",
].join("")

function inWords({ tasks, edges }: TaskGraph): string {
  const waits: string[][] = tasks.map(() => [])
  for (const { from, to } of edges) waits[to]?.push(tasks[from]?.name ?? "")
  const told = tasks.slice(0, mostTold).map((task, v) => {
    const targets = waits[v] ?? []
    return targets.length > 0
      ? `${sentence(task)} waits for ${targets.join(", ")}.`
      : `${sentence(task)}.`
  })
  const more = tasks.length - told.length
  return [
    tasks.length === 1 ? "1 task." : `${tasks.length} tasks.`,
    ...told,
    ...(more > 0 ? [`And ${more} more.`] : []),
  ].join(" ")
}

const mostTold = 100

function sentence({ name, steps }: TaskNode): string {
  if (steps === 1) return name
  return `${name} (${steps ?? "number not known yet"}${steps === null ? "" : " steps"})`
}

/** Text of users as text: nothing in it is a tag, ends an attribute, or is no XML at all. */
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/gu, "\ufffd")
    .replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function round(number: number): number {
  return Math.round(number * 100) / 100
}

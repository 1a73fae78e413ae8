import { mkdirSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { buildGraph, type Graph } from "#core/graph/graph"
import { layout } from "#core/graph/layout"
import { linePath } from "#core/graph/linePath"
import { genomicGraph, layeredGraph } from "#core/graph/random.fixture"
import { randomNumbers } from "#core/graph/randomNumbers"
import { launchBrowser } from "../../test/panels/useBrowser.mts"
import { screenshotsFolder } from "../../test/support/folders.mts"
import { installPeers } from "../graph.mts"

const node = { width: 120, height: 40 }

/**
 * Pictures of graphs as people have them, ours above that of elkjs with the options it comes with, drawn
 * alike, with what can be counted of both. Kept in .screenshots/beside-elkjs/.
 */
export async function besideElk(print: (line: string) => void): Promise<void> {
  const elk = elkOf(installPeers())
  const folder = join(screenshotsFolder, "beside-elkjs")
  mkdirSync(folder, { recursive: true })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } })
    print(columns(["", "crossings", "", "area, Mpx", "", "line, px an edge", "", "bends", ""]))
    print(columns(["graph", "ours", "elkjs", "ours", "elkjs", "ours", "elkjs", "ours", "elkjs"]))
    for (const [name, graph] of Object.entries(graphs())) {
      const pictures = [ourPicture(graph), await elk(graph)]
      const told = pictures.map(({ points, width, height }) => ({
        crossings: crossingsOf(points),
        area: (width * height) / 1e6,
        length: lengthOf(points) / Math.max(1, points.length),
        bends: points.reduce((sum, line) => sum + bendsOf(line), 0),
      }))
      const cells = [
        ...told.map(({ crossings }) => String(crossings)),
        ...told.map(({ area }) => area.toFixed(2)),
        ...told.map(({ length }) => length.toFixed(0)),
        ...told.map(({ bends }) => String(bends)),
      ]
      print(columns([name, ...cells]))
      await page.setContent(pageOf(pictures))
      await page.screenshot({ path: join(folder, `${name}.png`) })
    }
    print(`Pictures: ${folder}`)
  } finally {
    await browser.close()
  }
}

type Point = readonly [number, number]

interface Drawn {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly nodes: readonly Point[]
  /** The corners of each line. */
  readonly points: readonly (readonly Point[])[]
  readonly paths: readonly string[]
}

function graphs(): Readonly<Record<string, Graph>> {
  const diamond = buildGraph(4, [0, 0, 1, 2], [1, 2, 3, 3])
  const random = randomNumbers(11)
  const parents = Array.from({ length: 59 }, (_, i) => Math.floor(random() * (i + 1)))
  return {
    diamond,
    "fan of 24": fan(24),
    "genomic 34": genomicGraph(34),
    "genomic 199": genomicGraph(199),
    "tree 60": buildGraph(
      60,
      parents,
      parents.map((_, i) => i + 1),
    ),
    "layered 30": layeredGraph(30),
    "layered 100": layeredGraph(100),
    "layered 200": layeredGraph(200),
  }
}

function fan(count: number): Graph {
  const inner = Array.from({ length: count }, (_, i) => i + 1)
  return buildGraph(
    count + 2,
    [...inner.map(() => 0), ...inner],
    [...inner, ...inner.map(() => count + 1)],
  )
}

function ourPicture(graph: Graph): Drawn {
  const width = new Float64Array(graph.size).fill(node.width)
  const height = new Float64Array(graph.size).fill(node.height)
  const laidOut = layout({ graph, width, height, direction: "right" })
  const { lines } = laidOut
  const places = Array.from(graph.from.keys())
  return {
    title: "Kube Executions",
    width: laidOut.width,
    height: laidOut.height,
    nodes: Array.from(laidOut.x, (x, v) => [x, laidOut.y[v] ?? 0] as const),
    points: places.map((e) =>
      Array.from(
        { length: (lines.start[e + 1] ?? 0) - (lines.start[e] ?? 0) },
        (_, k) =>
          [
            lines.x[(lines.start[e] ?? 0) + k] ?? 0,
            lines.y[(lines.start[e] ?? 0) + k] ?? 0,
          ] as const,
      ),
    ),
    paths: places.map((e) => linePath(lines, e, "right").path),
  }
}

interface ElkAnswer {
  readonly width: number
  readonly height: number
  readonly children: readonly { readonly x: number; readonly y: number }[]
  readonly edges: readonly {
    readonly sections: readonly {
      readonly startPoint: { readonly x: number; readonly y: number }
      readonly endPoint: { readonly x: number; readonly y: number }
      readonly bendPoints?: readonly { readonly x: number; readonly y: number }[]
    }[]
  }[]
}

function elkOf(packages: string): (graph: Graph) => Promise<Drawn> {
  const Elk = createRequire(join(packages, "x.js"))("elkjs/lib/elk.bundled.js")
  const elk: { layout: (graph: unknown) => Promise<ElkAnswer> } = new Elk()
  return async (graph) => {
    const answer = await elk.layout({
      id: "root",
      layoutOptions: { "elk.algorithm": "layered", "elk.direction": "RIGHT" },
      children: Array.from({ length: graph.size }, (_, v) => ({ id: `n${v}`, ...node })),
      edges: Array.from(graph.from, (v, e) => ({
        id: `e${e}`,
        sources: [`n${v}`],
        targets: [`n${graph.to[e]}`],
      })),
    })
    const points = answer.edges.map(({ sections }) =>
      sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
        [startPoint, ...bendPoints, endPoint].map(({ x, y }) => [x, y] as const),
      ),
    )
    return {
      title: "elkjs",
      width: answer.width,
      height: answer.height,
      nodes: answer.children.map(({ x, y }) => [x, y] as const),
      points,
      paths: points.map((line) => `M${line.map(([x, y]) => `${x} ${y}`).join("L")}`),
    }
  }
}

function pageOf(pictures: readonly Drawn[]): string {
  const one = ({ title, width, height, nodes, paths }: Drawn) =>
    `<figure><figcaption>${title}, ${Math.round(width)} × ${Math.round(height)}</figcaption>
    <svg viewBox="-10 -10 ${width + 20} ${height + 20}">
    ${paths.map((path) => `<path d="${path}"/>`).join("")}
    ${nodes.map(([x, y], v) => `<rect x="${x}" y="${y}" width="${node.width}" height="${node.height}" rx="5"/><text x="${x + 12}" y="${y + 25}">task-${v}</text>`).join("")}
    </svg></figure>`
  return `<!doctype html><style>
    body{margin:0;height:100vh;display:flex;flex-direction:column;background:#fff;font:14px sans-serif}
    figure{flex:1;min-height:0;margin:0;padding:8px;display:flex;flex-direction:column}
    figure+figure{border-top:1px solid #ccc}
    svg{flex:1;min-height:0}path{fill:none;stroke:#777;stroke-width:1.5}
    rect{fill:#f4f4f4;stroke:#888}text{font:14px sans-serif;fill:#333}</style>
    ${pictures.map(one).join("")}`
}

/** Pairs of edges whose drawn lines cross anywhere, those with a common end aside: theirs may touch. */
function crossingsOf(lines: readonly (readonly Point[])[]): number {
  const segments = lines.flatMap((line, e) =>
    line.slice(1).map((to, k) => ({ e, from: line[k] as Point, to })),
  )
  const pairs = new Set<string>()
  segments.forEach((a, i) => {
    for (const b of segments.slice(i + 1)) {
      if (a.e === b.e) continue
      if (parts(a, b) && parts(b, a)) pairs.add(`${a.e} ${b.e}`)
    }
  })
  return pairs.size
}

interface Segment {
  readonly from: Point
  readonly to: Point
}

/** The ends of the other one lie on different sides of this one, neither on it. */
function parts({ from, to }: Segment, other: Segment): boolean {
  const side = ([x, y]: Point) =>
    Math.sign(
      Math.round(((to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0])) * 100),
    )
  return side(other.from) * side(other.to) < 0
}

function lengthOf(lines: readonly (readonly Point[])[]): number {
  let sum = 0
  for (const line of lines) {
    line.forEach((to, k) => {
      const from = line[k - 1]
      if (from) sum += Math.hypot(to[0] - from[0], to[1] - from[1])
    })
  }
  return sum
}

function bendsOf(line: readonly Point[]): number {
  let bends = 0
  for (let k = 1; k + 1 < line.length; k++) {
    const [a, b, c] = [line[k - 1], line[k], line[k + 1]] as [Point, Point, Point]
    const turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    if (Math.abs(turn) > 1) bends++
  }
  return bends
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(14) : cell.padStart(i % 2 ? 10 : 8)))
    .join("")
}

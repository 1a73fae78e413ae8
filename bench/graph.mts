import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { genomicGraph, layeredGraph } from "#core/graph/random.fixture"
import type { LaidOut, Order, Peer } from "./graphPeer.mts"

/** Layouts of the same graphs, ours beside elkjs (its cheapest options) and Graphviz dot. */
export async function benchGraph(print: (line: string) => void): Promise<void> {
  const packages = installPeers()
  const widths = [9, 7, 33, 40, 34] as const
  const row = (cells: readonly string[]) =>
    print(cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(""))
  row(["graph", "size", "ours", "elkjs (times ours)", "dot (times ours)"])
  for (const [kind, make] of [
    ["layered", layeredGraph],
    ["genomic", genomicGraph],
  ] as const) {
    for (const size of [100, 1000, 10_000]) {
      const graph = make(size)
      const order = (peer: Peer): Order => ({
        peer,
        packages,
        size: graph.size,
        from: graph.from,
        to: graph.to,
      })
      const ours = await layOut(order("ours"))
      if (ours === "too slow") throw new Error("our own layout took longer than a minute")
      const beside = async (peer: Peer) => {
        const theirs = await layOut(order(peer))
        if (theirs === "too slow") {
          return `> ${seconds * 1000} ms (> ${times(seconds * 1000, ours.best)})`
        }
        return `${describe(theirs)} (${times(theirs.best, ours.best)}${crossed(theirs, ours)})`
      }
      row([
        kind,
        String(size),
        `${describe(ours)}, first ${Math.round(ours.first)}`,
        await beside("elkjs"),
        await beside("dot"),
      ])
    }
  }
  print('"x": crossings of straight lines between the middles of the nodes, counted alike for all.')
}

/** Of the processor: no peer lays out 10,000 vertices sooner and none is worth waiting for longer. */
export const seconds = 45

const versions = ["elkjs@0.12.1", "@viz-js/viz@3.31.0"]

/** Installs the peers once, in a cache outside the repository; answers where their packages are. */
export function installPeers(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache")
  const folder = join(cache, "kube-executions", "bench-graph")
  const packages = join(folder, "node_modules")
  if (!["elkjs", "@viz-js/viz"].every((name) => existsSync(join(packages, name)))) {
    mkdirSync(folder, { recursive: true })
    const args = [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--prefix",
      folder,
      ...versions,
    ]
    execFileSync("npm", args, {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    })
  }
  return packages
}

/** In a thread of its own: it can be ended, and nobody finds the code of another warm. */
export function layOut(order: Order): Promise<LaidOut | "too slow"> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./graphPeer.mts", import.meta.url), { workerData: order })
    const timer = setInterval(async () => {
      const { user, system } = await worker.cpuUsage()
      if (user + system < seconds * 1e6) return
      clearInterval(timer)
      void worker.terminate()
      resolve("too slow")
    }, 500)
    worker.once("message", (laidOut: LaidOut) => {
      clearInterval(timer)
      void worker.terminate()
      resolve(laidOut)
    })
    worker.once("error", (error) => {
      clearInterval(timer)
      reject(error)
    })
  })
}

function describe({ best, crossings }: LaidOut): string {
  return `${best < 10 ? best.toFixed(1) : Math.round(best)} ms, ${crossings} x`
}

function times(theirs: number, ours: number): string {
  const ratio = theirs / ours
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}×`
}

function crossed(theirs: LaidOut, ours: LaidOut): string {
  return ours.crossings > 0 ? `, x ${(theirs.crossings / ours.crossings).toFixed(2)}×` : ""
}

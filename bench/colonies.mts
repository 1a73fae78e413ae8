import { type ChildProcess, fork } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Order, Told } from "./colonies/mover.mts"
import type { Servers } from "./colonies/servers.mts"

const smallFiles = 10_000
const smallBytes = 2_000
const perFolder = 500
const largeBytes = 2 * 1024 ** 3
const block = 16 * 1024 ** 2
const atOnce = 4
/** A client that held what it moves would need many times as much. */
const mostMegabytes = 400

/**
 * Folders up to a colony and down again, each beside the floor: the same bytes to and from the same S3
 * server with requests alone, without reading or writing files, checksums, records or a Colonies server.
 */
export async function benchColonies(print: (line: string) => void): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "bench-colonies-"))
  const servers = fork(new URL("./colonies/servers.mts", import.meta.url))
  let isGood = true
  try {
    const [addresses] = (await once(servers, "message")) as [Servers]
    const move: Move = (order) => moved({ ...order, servers: addresses })
    const partsOf = async () => {
      servers.send("parts")
      const [count] = (await once(servers, "message")) as [number]
      return count
    }
    const row = (cells: readonly string[]) =>
      print(
        cells
          .map((cell, index) => cell.padEnd(index === 0 ? 32 : 16))
          .join("")
          .trimEnd(),
      )
    row(["", "ours", "S3 alone", "of the floor", "most memory"])
    const show = (what: string, amount: string, ours: Told, floor: Told) => {
      const [number = "", unit = ""] = amount.split(" ")
      const rate = ({ ms }: Told) => `${((Number(number) * 1000) / ms).toFixed(1)} ${unit}/s`
      const megabytes = Math.round(ours.mostMemory / 1024 ** 2)
      row([what, rate(ours), rate(floor), (floor.ms / ours.ms).toFixed(2), `${megabytes} MB`])
      if (megabytes > mostMegabytes) {
        print(`That is more than ${mostMegabytes} MB.`)
        isGood = false
      }
    }
    for (const kind of ["small", "large"] as const) {
      const from = join(folder, kind)
      const bytes = kind === "small" ? writeSmall(from) : writeLarge(from)
      const count = kind === "small" ? smallFiles : Math.ceil(largeBytes / block)
      const amount = kind === "small" ? `${smallFiles} files` : `${largeBytes / 1e6} MB`
      const name = kind === "small" ? `${smallFiles} files of ${smallBytes} B` : "one file of 2 GiB"
      const parts = kind === "large"
      const floor = { kind: "floor", label: kind, count, size: bytes / count, parts } as const
      const floorUp = await move({ ...floor, way: "up" })
      const up = await move({ kind: "ours", way: "up", folder: from, label: `/${kind}` })
      show(`${name}, up`, amount, up, floorUp)
      const floorDown = await move({ ...floor, way: "down" })
      const to = join(folder, `${kind}-down`)
      mkdirSync(to)
      const down = await move({ kind: "ours", way: "down", folder: to, label: `/${kind}` })
      show(`${name}, down`, amount, down, floorDown)
      const again = await move({ kind: "ours", way: "up", folder: to, label: `/${kind}` })
      if (again.bytes > 0) {
        print(`${again.bytes} bytes differ from what was sent.`)
        isGood = false
      }
      rmSync(to, { recursive: true })
      if (kind === "large") isGood = (await resumes(from, move, partsOf, print)) && isGood
      rmSync(from, { recursive: true })
    }
  } finally {
    servers.disconnect()
    rmSync(folder, { recursive: true, force: true })
  }
  return isGood
}

/** A client that is killed in the middle has sent what the next one does not send again. */
async function resumes(
  from: string,
  move: Move,
  partsSoFar: () => Promise<number>,
  print: (line: string) => void,
): Promise<boolean> {
  const label = "/large-again"
  await move({ kind: "ours", way: "up", folder: from, label, dieAfter: largeBytes / 2 })
  const before = await partsSoFar()
  await move({ kind: "ours", way: "up", folder: from, label })
  const sent = (await partsSoFar()) - before
  const all = largeBytes / block
  print(`killed when half of ${all} parts were sent, the next sent ${sent}`)
  // Those on their way when it was killed may arrive later, or not at all.
  return sent <= all / 2 + atOnce
}

type Move = (order: OrderOf<Order>) => Promise<Told>
type OrderOf<One> = One extends Order ? Omit<One, "servers"> : never

async function moved(order: Order): Promise<Told> {
  const child: ChildProcess = fork(new URL("./colonies/mover.mts", import.meta.url), [
    JSON.stringify(order),
  ])
  let told: Told | undefined
  child.on("message", (message: Told) => {
    told = message
  })
  const [code] = await once(child, "exit")
  if (told !== undefined) return told
  if (order.kind === "ours" && order.dieAfter !== undefined) {
    return { ms: 0, bytes: 0, mostMemory: 0 }
  }
  throw new Error(`what moves the files ended with ${code}`)
}

function writeSmall(folder: string): number {
  for (let index = 0; index < smallFiles; index += 1) {
    const below = join(folder, `part-${Math.floor(index / perFolder)}`)
    if (index % perFolder === 0) mkdirSync(below, { recursive: true })
    writeFileSync(join(below, `file-${index}.txt`), randomBytes(smallBytes))
  }
  return smallFiles * smallBytes
}

function writeLarge(folder: string): number {
  mkdirSync(folder)
  const file = openSync(join(folder, "large.bin"), "w")
  const bytes = randomBytes(block)
  for (let written = 0; written < largeBytes; written += block) {
    bytes.writeBigUInt64LE(BigInt(written))
    writeSync(file, bytes)
  }
  closeSync(file)
  return largeBytes
}

import { Piece } from "#core/spec/piece"
import { largeSpec } from "#test/support/largeSpec"
import { type Random, randomFrom } from "#test/support/random"
import { benchCompletion } from "./language/completion.mts"
import { type Peer, peers, type Range, Session } from "./languagePeer.mts"

/**
 * What a person waits for while writing: ours beside yaml-language-server with the same schema,
 * turn by turn in one run, and a server that only answers as the floor. True when every gate holds.
 */
export async function benchLanguage(print: (line: string) => void): Promise<boolean> {
  const { ours, yaml, echo } = await peers()
  print(`ms, medians; ${yaml.name} without the ${yaml.debounce} ms it waits on purpose`)
  print(row(["tasks", "what", "ours", yaml.name, "ratio", "echo"]))
  let holds = true
  for (const tasks of [10, 100, 1000, 10_000]) {
    const text = largeSpec(tasks)
    const rounds = tasks === 10_000 ? 5 : 15
    const figures = await turnByTurn([ours, yaml, echo], text, rounds)
    for (const [what, [mine, theirs, floor]] of figures) {
      const cells = [mine, theirs].map((figure) => shown(figure))
      const ratio = mine === undefined || theirs === undefined ? undefined : theirs / mine
      print(row([String(tasks), what, ...cells, times(ratio), shown(floor)]))
    }
    if (tasks === 10_000) {
      const ratio = (what: string) => {
        const [mine, theirs] = figures.get(what) ?? []
        return mine === undefined || theirs === undefined ? undefined : theirs / mine
      }
      const random = await randomEdits([ours, echo], text)
      for (const part of ["median", "p99"] as const) {
        const [mine, floor] = random[part]
        print(row(["10000", `random edit, ${part}`, shown(mine), "", "", shown(floor)]))
      }
      print("")
      const gates: Gate[] = [
        { what: "keystroke", figure: ratio("keystroke in a string"), gate: 200, aim: 1000 },
        { what: "open", figure: ratio("open"), gate: 3, aim: 10 },
        { what: "peak memory", figure: ratio("peak memory, MiB"), gate: 5, aim: 10 },
      ]
      for (const gate of gates) {
        const isMet = gate.figure === undefined || gate.figure >= gate.gate
        holds &&= isMet
        print(
          `${isMet ? "holds " : "MISSED"} ${gate.what}: ${times(gate.figure)}, gate ≥ ${gate.gate}×, aim ≥ ${gate.aim}×`,
        )
      }
      // Whatever else the machine does meets both, so the slowest hundredth is held to the echo's own.
      const echoes = random.p99[0] / random.median[1]
      const own = random.p99[0] / random.p99[1]
      holds &&= echoes <= 10
      print(
        `${echoes <= 10 ? "holds " : "MISSED"} p99 of 10,000 random edits: ${echoes.toFixed(1)} echoes, gate ≤ 10, aim ≤ 3 (${own.toFixed(1)} of the echo's own p99)`,
      )
    }
  }
  return (await benchCompletion(print)) && holds
}

interface Gate {
  readonly what: string
  readonly figure: number | undefined
  readonly gate: number
  readonly aim: number
}

type Figures = Map<string, readonly (number | undefined)[]>

/** Each measure once for each peer, then again, so that a busy moment meets all of them. */
async function turnByTurn(order: readonly Peer[], text: string, rounds: number): Promise<Figures> {
  const taken = new Map<string, number[][]>()
  const note = (what: string, peer: number, time: number) => {
    const all = taken.get(what) ?? order.map(() => [])
    taken.set(what, all)
    all[peer]?.push(time)
  }
  const sessions: Session[] = []
  for (const peer of order) sessions.push(await Session.start(peer))
  for (const [i, session] of sessions.entries()) note("open", i, await session.open(text))
  const places = placesIn(text)
  for (let round = 0; round < rounds; round++) {
    for (const [i, session] of sessions.entries()) {
      for (const { what, range, inserted, undo } of places.edits) {
        note(what, i, await session.change(range, inserted))
        note(what, i, await session.change(undo, ""))
      }
      note("hover", i, await session.request("textDocument/hover", places.hover))
      note("symbols", i, await session.request("textDocument/documentSymbol"))
    }
  }
  const figures: Figures = new Map(
    [...taken].map(([what, times]) => [what, times.map((list) => median(list))]),
  )
  figures.set(
    "peak memory, MiB",
    sessions.map((session) => session.peakMemory()),
  )
  for (const session of sessions) await session.end()
  return figures
}

interface Edit {
  readonly what: string
  readonly range: Range
  readonly inserted: string
  readonly undo: Range
}

/** The places of the middle task that a person would change. */
function placesIn(text: string) {
  const lines = text.split("\n")
  const from = Math.floor(lines.length / 2)
  const find = (start: string) => lines.findIndex((line, i) => i > from && line.startsWith(start))
  const command = find("    - bwa")
  const target = find("    - target: task-")
  const task = find("  - name: task-")
  const at = (line: number, character: number): Range => ({
    start: { line, character },
    end: { line, character },
  })
  const grown = (range: Range, inserted: string): Range => {
    const added = inserted.split("\n")
    const { line, character } = range.start
    const last = added.at(-1)?.length ?? 0
    const end = {
      line: line + added.length - 1,
      character: added.length > 1 ? last : character + last,
    }
    return { start: range.start, end }
  }
  const edit = (what: string, range: Range, inserted: string): Edit => ({
    what,
    range,
    inserted,
    undo: grown(range, inserted),
  })
  const newTask = "  - name: new\n    type: Job\n    image: busybox\n    commandSet: [ls]\n"
  return {
    edits: [
      edit("keystroke in a string", at(command, 20), "x"),
      edit("keystroke in a dependency", at(target, lines[target]?.length ?? 0), "9"),
      edit("a task inserted", at(task, 0), newTask),
    ],
    hover: { line: task + 1, character: 6 },
  }
}

/** Letters typed and taken back all over the text, ours and the echo in turns. */
async function randomEdits(
  order: readonly Peer[],
  text: string,
): Promise<Readonly<Record<"median" | "p99", readonly [ours: number, echo: number]>>> {
  const sessions: Session[] = []
  for (const peer of order) sessions.push(await Session.start(peer))
  for (const session of sessions) await session.open(text)
  const whole = new Piece(text)
  const random = randomFrom(1)
  const times: number[][] = order.map(() => [])
  for (let i = 0; i < 5000; i++) {
    const pair = randomEdit(whole, random)
    // The best of three tries is what an edit costs; one try also tells who else used the processor.
    const best = order.map(() => pair.map(() => Number.POSITIVE_INFINITY))
    for (let round = 0; round < 3; round++) {
      for (const [part, { range, inserted }] of pair.entries()) {
        for (const [peer, session] of sessions.entries()) {
          const known = best[peer]
          if (!known) continue
          const took = await session.change(range, inserted)
          known[part] = Math.min(known[part] ?? took, took)
        }
      }
    }
    for (const [peer, known] of best.entries()) times[peer]?.push(...known)
  }
  for (const session of sessions) await session.end()
  const part = (share: number) => {
    const [mine = 0, floor = 0] = times.map(
      (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)],
    )
    return [mine, floor] as const
  }
  return { median: part(0.5), p99: part(0.99) }
}

function randomEdit(whole: Piece, random: Random) {
  const offset = random.below(whole.text.length - 1)
  const start = whole.positionAt(offset)
  const here = { start, end: start }
  if (random.oneIn(3)) {
    const removed = whole.text.charAt(offset)
    const range = { start, end: whole.positionAt(offset + 1) }
    return [
      { range, inserted: "" },
      { range: here, inserted: removed },
    ] as const
  }
  const inserted = random.pick([..."abcxyz0189-_./: "])
  const range = { start, end: { line: start.line, character: start.character + 1 } }
  return [
    { range: here, inserted },
    { range, inserted: "" },
  ] as const
}

function median(times: readonly number[]): number | undefined {
  return [...times].sort((a, b) => a - b)[times.length >> 1]
}

function shown(figure: number | undefined): string {
  if (figure === undefined) return "–"
  return figure < 10 ? figure.toFixed(2) : String(Math.round(figure))
}

function times(ratio: number | undefined): string {
  if (ratio === undefined) return "–"
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}×`
}

function row(cells: readonly string[]): string {
  const widths = [8, 28, 10, 22, 9, 8]
  return cells
    .map((cell, i) => cell.padEnd(widths[i] ?? 0))
    .join("")
    .trimEnd()
}

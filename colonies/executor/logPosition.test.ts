import { expect, test } from "vitest"
import {
  type LogPiece,
  LogReader,
  mostAtOnce,
  positionText,
  readPosition,
  sinceTime,
} from "./logPosition.ts"

const at = (nanoseconds: number) => `2026-11-21T08:00:00.${String(nanoseconds).padStart(9, "0")}Z`

/** The pieces of a log that arrives in parts of this length. */
function read(log: string, length: number, start?: LogPiece["position"]): LogPiece[] {
  const reader = new LogReader(start)
  const pieces: LogPiece[] = []
  for (let from = 0; from < log.length; from += length) {
    pieces.push(...reader.take(log.slice(from, from + length)))
  }
  pieces.push(...reader.finish())
  return pieces
}

const textOf = (pieces: readonly LogPiece[]) => pieces.map(({ text }) => text).join("")

const lines = ["one", "", "två 🚀", "three\0 with a zero", " spaces ", "last"]
// Two lines may have the same time.
const log = lines.map((line, index) => `${at(Math.floor(index / 2))} ${line}\n`).join("")
const said = lines.map((line) => `${line.replace("\0", "")}\n`).join("")

test("wherever the parts are cut, the lines are the same, without zeros", () => {
  for (let length = 1; length < 40; length += 1) expect(textOf(read(log, length))).toBe(said)
})

test("going on from any piece gives what follows it, once", () => {
  const pieces = read(log, 7)
  expect(pieces.length).toBe(lines.length)
  pieces.forEach(({ position }, index) => {
    const text = textOf(pieces.slice(index + 1))
    expect(textOf(read(log, 5, readPosition(positionText(position))))).toBe(text)
  })
})

test("a request from a whole second on brings the end of a longer line, which is passed over", () => {
  const [, , third] = read(log, 7)
  expect(third).toBeDefined()
  const bogus = `2026-11-21T07:59:59.9Z end of a long line\n`
  expect(textOf(read(bogus + log, 9, third?.position))).toBe("three with a zero\n spaces \nlast\n")
})

test("a line without an end goes in pieces that part no character, and can be gone on with", () => {
  const long = `x${"🚀".repeat(mostAtOnce)}`
  const pieces = read(`${at(1)} ${long}\n${at(2)} next\n`, 100_003)
  expect(pieces.length).toBeGreaterThan(2)
  expect(textOf(pieces)).toBe(`${long}\nnext\n`)
  for (const { text } of pieces) {
    expect(text.length).toBeLessThanOrEqual(mostAtOnce)
    expect(text.isWellFormed()).toBe(true)
  }
  const rest = read(`${at(1)} ${long}\n${at(2)} next\n`, 77_777, pieces[0]?.position)
  expect(textOf([...pieces.slice(0, 1), ...rest])).toBe(`${long}\nnext\n`)
})

test("a log that ends in the middle of a line gets the end that is missing", () => {
  expect(textOf(read(`${at(1)} whole\n${at(2)} half`, 3))).toBe("whole\nhalf\n")
})

test("a log is asked for from the whole second on", () => {
  const time = "2026-11-21T08:00:07.999999999Z"
  expect(sinceTime({ time, lines: 1, within: 0 })).toBe("2026-11-21T08:00:07.000Z")
})

import { expect, test } from "vitest"
import { LogLines } from "./logLines.ts"
import { type LogLook, LogRows } from "./logRows.ts"

const all: LogLook = {
  matches: undefined,
  foldsRest: false,
  hidden: new Set(),
  opened: new Set(),
}

const at = (seconds: number, text: string) => `${new Date(seconds * 1000).toISOString()} ${text}`

function shown(lines: LogLines, rows: LogRows): readonly string[] {
  return Array.from({ length: rows.count }, (_, row) => {
    const one = rows.at(row)
    if (one === undefined) return "nothing"
    if (one.kind === "line") return lines.text(one.place)
    return one.kind === "try" ? "try" : `${one.kind} ${one.to - one.from + 1}`
  })
}

test("what several steps print is one log in the order of time, whenever it comes", () => {
  const lines = new LogLines()
  lines.add("a.0", "a", [at(1, "a1"), at(4, "a4"), "a4 goes on"])
  expect(lines.add("b.0", "b", [at(2, "b2"), at(3, "b3"), at(5, "b5")])).toBe(1)
  lines.add("a.0", "a", [at(6, "a6")])
  expect(shown(lines, new LogRows(lines, all))).toEqual([
    "a1",
    "b2",
    "b3",
    "a4",
    "a4 goes on",
    "b5",
    "a6",
  ])
})

test("what was kept without times stands where its step began", () => {
  const lines = new LogLines()
  lines.add("a.0", "a", [at(1, "a1"), at(9, "a9")])
  lines.add("b.0", "b", ["b begins", "b goes on"], 5000)
  expect(shown(lines, new LogRows(lines, all))).toEqual(["a1", "b begins", "b goes on", "a9"])
  expect(lines.sources.map(({ isTimed }) => isTimed)).toEqual([true, false])
})

test("text is the same before and after it was joined into pieces", () => {
  const lines = new LogLines()
  const text = Array.from({ length: 2500 }, (_, index) => `line ${index} ${"x".repeat(index % 7)}`)
  lines.add("a.0", "a", text)
  expect(text.every((line, place) => lines.text(place) === line)).toBe(true)
})

test("what does not match is folded but for two lines around, and counted", () => {
  const lines = new LogLines()
  lines.add(
    "a.0",
    "a",
    Array.from({ length: 20 }, (_, index) => `line ${index}`),
  )
  const matches = (text: string) => text === "line 10"
  const look = { ...all, foldsRest: true, matches }
  const rows = new LogRows(lines, look)
  const lined = ["line 8", "line 9", "line 10", "line 11", "line 12"]
  expect(shown(lines, rows)).toEqual(["fold 8", ...lined, "fold 7"])
  expect(rows.matches).toBe(1)
  const opened = new LogRows(lines, { ...look, opened: new Set([0]) })
  expect(opened.count).toBe(14)
  // What comes later joins the fold at the end.
  lines.add("a.0", "a", ["line 20", "line 21"])
  rows.grow()
  expect(shown(lines, rows).at(-1)).toBe("fold 9")
})

test("equal lines of one step are one line and a count", () => {
  const lines = new LogLines()
  lines.add("a.0", "a", ["x", "same", "same", "same", "same"])
  const rows = new LogRows(lines, all)
  expect(shown(lines, rows)).toEqual(["x", "same", "equal 3"])
  lines.add("a.0", "a", ["same", "y"])
  rows.grow()
  expect(shown(lines, rows)).toEqual(["x", "same", "equal 4", "y"])
  expect(rows.rowOf(3)).toBe(2)
})

test("a second pod of a step is divided from the first, and steps can be left out", () => {
  const lines = new LogLines()
  lines.add("a.0", "a-1", [at(1, "one")])
  lines.add("b.0", "b", [at(2, "other")])
  lines.add("a.0", "a-2", [at(3, "two")])
  expect(shown(lines, new LogRows(lines, all))).toEqual(["one", "other", "try", "two"])
  const look = { ...all, hidden: new Set(["a.0"]) }
  expect(shown(lines, new LogRows(lines, look))).toEqual(["other"])
})

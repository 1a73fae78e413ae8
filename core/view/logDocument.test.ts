import { expect, test } from "vitest"
import { LogTail, logDocument } from "./logDocument.ts"

test("each part stands under its title and folds with it; colours keep their line", () => {
  const { text, folds, colors } = logDocument([
    { title: "try 1", lines: ["a", "\u001b[31mb"] },
    { title: "try 2", lines: [] },
    { title: "try 3", lines: ["c"] },
  ])
  expect(text.split("\n")).toEqual(["── try 1", "a", "b", "── try 2", "── try 3", "c"])
  expect(folds).toEqual([
    { start: 0, end: 2 },
    { start: 4, end: 5 },
  ])
  expect(colors).toEqual([{ line: 2, start: 0, end: 1, style: { color: "Red" } }])
})

test("a tail keeps the newest lines and counts what went", () => {
  const tail = new LogTail(20)
  expect(tail.add(["12345", "12345"])).toBe(false)
  expect(tail.add(["12345", "last"])).toBe(true)
  expect(tail.lines).toEqual(["12345", "last"])
  expect(tail.dropped).toBe(12)
})

test("one line that is longer than all that is kept stays", () => {
  const tail = new LogTail(4)
  tail.add(["longer than that"])
  expect(tail.lines).toEqual(["longer than that"])
})

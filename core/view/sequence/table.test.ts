import { expect, test } from "vitest"
import { goldenBegin, goldenJob } from "./golden.fixture.ts"
import { cellsOf, medianWork, reasonGroups, timeLeft } from "./grid.ts"
import { itemsOfJob } from "./items.ts"
import type { SequenceRow } from "./row.ts"
import { arrange, plainArrangement, rowsOf } from "./rows.ts"
import { columnIds, csvOf } from "./table.ts"

const rows = rowsOf(itemsOfJob(goldenJob()), "pod")
const [first] = rows as readonly [SequenceRow]
const titles = Object.fromEntries(columnIds.map((id) => [id, id])) as Record<
  (typeof columnIds)[number],
  string
>

test("a CSV has seconds and times as they are, a line for each row", () => {
  const text = csvOf(
    rows.slice(0, 2),
    ["name", "start", "waited", "cold", "work", "total"],
    titles,
    0,
  )
  expect(text.split("\r\n")).toEqual([
    "name,start,waited (s),cold (s),work (s),total (s)",
    "pi-7ctlr,2023-05-12T23:52:37Z,2,7,31,40",
    "pi-l2l45,2023-05-12T23:52:39Z,0,13,29,42",
    "",
  ])
})

test("a text with quotes, commas or a formula stays one cell of text", () => {
  const row = { ...first, name: '=1+1,"x"', reason: "two\nlines" }
  expect(csvOf([row], ["name", "reason"], titles, 0)).toBe(
    'name,reason\r\n"\'=1+1,""x""","two\nlines"\r\n',
  )
})

test("rows are sorted by any column, either way, and found by a part of their name", () => {
  const names = (by: Partial<typeof plainArrangement>) =>
    arrange(rows, { ...plainArrangement, ...by }, 0).flatMap((group) =>
      group.rows.map((row) => row.name),
    )
  expect(names({ sortBy: "cold", isDescending: true })[0]).toBe("pi-sqthq")
  expect(names({ sortBy: "name" }).slice(0, 3)).toEqual(["pi-7csqf", "pi-7ctlr", "pi-8ft4w"])
  expect(names({ find: "7C" })).toEqual(["pi-7ctlr", "pi-7csqf"])
  expect(names({ phases: ["failed"] })).toEqual([])
})

test("tries of the same work share a cell; what has no pod has one too", () => {
  const item = { ...first.item, step: "a.0" }
  const again = {
    ...first,
    item,
    tries: 1,
    begin: (first.begin ?? 0) + 1,
    phase: "running" as const,
  }
  const rest = {
    ...first,
    item: { ...item, kind: "rest", count: 2 } as SequenceRow["item"],
    count: 2,
  }
  const cells = cellsOf([{ ...first, item, phase: "failed" }, again, rest])
  expect(cells.map(({ phase, tries, nth }) => [phase, tries, nth])).toEqual([
    ["running", 2, 0],
    ["succeeded", 0, 0],
    ["succeeded", 0, 1],
  ])
})

test("the median is of those that succeeded, and equal reasons are counted together", () => {
  expect(medianWork(rows)).toBe(32_000)
  const failed = rows.map((row, index) => {
    return { ...row, phase: "failed" as const, reason: index < 6 ? "exit code 2" : "out of memory" }
  })
  expect(
    reasonGroups(failed, ["failed"]).map(({ sentence, rows }) => [sentence, rows.length]),
  ).toEqual([
    ["exit code 2", 6],
    ["out of memory", 2],
  ])
})

test("what is left is said only when enough is done to tell", () => {
  expect(timeLeft(2, 10, goldenBegin, goldenBegin + 1000)).toBeUndefined()
  expect(timeLeft(5, 10, goldenBegin, goldenBegin + 1000)).toBe(1000)
})

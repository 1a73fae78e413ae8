import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { KeptLogs, type KeptRun } from "./keptLogs.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (name: string): KeptRun => ({ place: '["kube","/a b"]', run: name, createdAt: "t" })

function part(step: string, pod: string, ...lines: string[]) {
  return { step, pod, container: "main", lines }
}

test("a copy grows with each part, and a new reading from the start takes its place", async () => {
  const logs = new KeptLogs(folder, () => 1_000)
  await logs.keep(run("e"), part("a.0", "p", "1"), true)
  await logs.keep(run("e"), part("a.0", "p", "2"), false)
  expect((await logs.of(run("e"), "a.0")).map(({ pod, text }) => [pod, text])).toEqual([
    ["p", "1\n2\n"],
  ])
  await logs.keep(run("e"), part("a.0", "p", "1"), true)
  expect((await logs.of(run("e"), "a.0"))[0]?.text).toBe("1\n")
})

test("that there is nothing to read any more does not take the place of what was read", async () => {
  const logs = new KeptLogs(folder, () => 1_000)
  await logs.keep(run("e"), part("a.0", "p", "1"), true)
  await logs.keep(run("e"), { ...part("a.0", "p", "(no log: gone)"), isNote: true }, true)
  expect((await logs.of(run("e"), "a.0"))[0]?.text).toBe("1\n")
})

test("a run that was deleted and made again has no copy of the first", async () => {
  const logs = new KeptLogs(folder, () => 1_000)
  await logs.keep(run("e"), part("a.0", "p", "1"), true)
  expect(await logs.of({ ...run("e"), createdAt: "later" }, "a.0")).toEqual([])
})

test("copies of the oldest run go first when there are too many", async () => {
  const logs = new KeptLogs(folder, () => 100)
  await logs.keep(run("old"), part("a.0", "p", "x".repeat(60)), true)
  // Clocks of file systems are coarse: the first is made older by hand.
  for (const name of readdirSync(folder, { recursive: true })) {
    utimesSync(join(folder, String(name)), 1_000, 1_000)
  }
  await logs.keep(run("new"), part("a.0", "p", "y".repeat(60)), true)
  await logs.trim()
  expect(await logs.of(run("old"), "a.0")).toEqual([])
  expect(await logs.of(run("new"), "a.0")).toHaveLength(1)
})

test("nothing is kept when nothing may be, and all of it goes on request", async () => {
  await new KeptLogs(folder, () => 0).keep(run("e"), part("a.0", "p", "1"), true)
  const logs = new KeptLogs(folder, () => 1_000)
  expect(await logs.of(run("e"), "a.0")).toEqual([])
  await logs.keep(run("e"), part("../../a", "..", "1"), true)
  expect(await logs.of(run("e"), "../../a")).toHaveLength(1)
  await logs.clear()
  expect(await logs.of(run("e"), "../../a")).toEqual([])
})

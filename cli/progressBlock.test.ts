import { expect, test } from "vitest"
import type { ViewPhase } from "#core/view/phase"
import type { RunView, StepView, TaskView } from "#core/view/statusTree"
import { changeLines, type Told } from "./changeLines.ts"
import { progressBlock } from "./progressBlock.ts"

const begin = "2026-01-01T10:00:00Z"
const now = Date.parse(begin) + 100_000

test("done tasks, then failed, running and waiting ones with the reason, then the bar", () => {
  const block = draw([
    task("report", "waiting", { waiting: 1 }, 'waits for "align"'),
    task("align", "failed", { failed: 1, running: 2, succeeded: 1 }, "ran out of memory"),
    task("trim", "succeeded", { succeeded: 4 }),
    task("dups", "running", { running: 1, succeeded: 1, waiting: 2 }),
  ])
  expect(block).toEqual([
    "✓ trim    4/4   1m40s",
    "✗ align   1/4   1m40s  1 failed, 2 running: ran out of memory",
    "▸ dups    1/4   1m40s  1 running",
    '○ report  0/1          waits for "align"',
    "██████████████████░░░░░░░░░░░░░░░░░░░░░░  6/13  1m40s  about 2m left",
  ])
})

test("many tasks never take more than the lines there are: done ones fold, the rest is counted", () => {
  const done = Array.from({ length: 30 }, (_, i) => task(`d${i}`, "succeeded", { succeeded: 1 }))
  const open = Array.from({ length: 40 }, (_, i) => task(`w${i}`, "waiting", { waiting: 1 }))
  const block = draw([...done, ...open])
  expect(block).toHaveLength(20)
  expect(block[0]).toBe("✓ 30 tasks done")
  expect(block[1]).toMatch(/^○ w0 /)
  expect(block[18]).toBe("  and 23 more tasks")
  const finished = draw(done, { finishedAt: begin, phase: "succeeded" })
  expect(finished).toEqual([
    "✓ 30 tasks done",
    expect.stringMatching(/^█{40} {2}30\/30 .*succeeded$/),
  ])
})

test("no line is wider than the terminal, and no sign is used that its locale lacks", () => {
  const tasks = [
    task("a-very-long-name-of-a-task-that-goes-on", "failed", { failed: 1 }, "x".repeat(200)),
    task("b", "succeeded", { succeeded: 1 }),
  ]
  for (const columns of [20, 40, 80]) {
    for (const line of draw(tasks, {}, { columns }))
      expect(line.length).toBeLessThanOrEqual(columns)
  }
  const plain = draw(tasks, {}, { utf8: false })
  expect(plain.map((line) => line.slice(0, 3))).toEqual(["ok ", "x a", "###"])
})

test("what is left is only estimated from enough steps whose number is known", () => {
  const few = draw([task("a", "running", { succeeded: 2, waiting: 8 })])
  expect(few.at(-1)).toMatch(/2\/10 {2}1m40s$/)
  const open = { ...task("a", "running", { succeeded: 5, waiting: 5 }), isOpen: true }
  expect(draw([open]).at(-1)).toMatch(/5\/10\+ {2}1m40s$/)
  const failed = draw([task("a", "failed", { failed: 1, running: 7 })], { phase: "failed" })
  expect(failed.at(-1)).toMatch(/7 steps still finishing$/)
})

test("elsewhere each change is one line, and the same change of many steps is one too", () => {
  const told: Told = new Map()
  const view = (phase: ViewPhase, number: number) =>
    run([task("align", phase, { [phase]: number }, phase === "failed" ? "exit code 1" : "")])
  expect(changeLines(view("waiting", 2), told)).toEqual([])
  expect(changeLines(view("running", 2), told)).toEqual(["align.0 running", "align.1 running"])
  expect(changeLines(view("running", 2), told)).toEqual([])
  expect(changeLines(view("failed", 2), told)).toEqual([
    "align.0 failed: exit code 1",
    "align.1 failed: exit code 1",
  ])
  expect(changeLines(view("succeeded", 24), told)).toEqual(["align: 24 steps succeeded"])
  const reused = run([task("trim", "reused", { reused: 1 }, "reused from old: same image")])
  expect(changeLines(reused, told)).toEqual(["trim.0 reused from old: same image"])
})

type TestTask = TaskView & { readonly isOpen?: boolean }

function draw(tasks: readonly TestTask[], over: Partial<RunView> = {}, setting = {}) {
  const form = {
    now,
    columns: 100,
    lines: 20,
    utf8: true,
    paint: (_: string, text: string) => text,
  }
  return progressBlock({ ...run(tasks), ...over }, { ...form, ...setting })
}

function run(tasks: readonly TestTask[]): RunView {
  const byPhase: Partial<Record<ViewPhase, number>> = {}
  for (const { counts } of tasks) {
    for (const [phase, number] of Object.entries(counts.byPhase) as [ViewPhase, number][]) {
      byPhase[phase] = (byPhase[phase] ?? 0) + number
    }
  }
  const total = tasks.reduce((sum, { counts }) => sum + counts.total, 0)
  return {
    name: "wgs",
    namespace: "gene",
    phase: "running",
    message: "",
    createdAt: begin,
    startedAt: begin,
    finishedAt: null,
    counts: { total, isTotalKnown: !tasks.some(({ isOpen }) => isOpen), byPhase },
    resumedFrom: null,
    source: null,
    tasks,
  }
}

function task(
  name: string,
  phase: ViewPhase,
  byPhase: Partial<Record<ViewPhase, number>>,
  sentence = "",
): TestTask {
  const reason =
    sentence === ""
      ? null
      : {
          kind: "other" as const,
          sentence,
          evidence: [],
          since: undefined,
          isStuck: false,
          field: undefined,
        }
  const phases = Object.entries(byPhase).flatMap(([one, number]) =>
    Array.from({ length: number }, () => one as ViewPhase),
  )
  const steps = phases.map(
    (one, index): StepView => ({
      id: `${name}.${index}`,
      index,
      phase: one,
      command: null,
      startedAt: null,
      finishedAt: null,
      releasedAt: null,
      result: null,
      reason: one === phase ? reason : null,
      runsAgain: null,
      attempts: [],
    }),
  )
  return {
    name,
    phase,
    isWanted: true,
    counts: { total: phases.length, isTotalKnown: true, byPhase },
    startedAt: phase === "waiting" ? null : begin,
    finishedAt: null,
    dependencies: [],
    reason,
    runsAgain: null,
    steps,
  }
}

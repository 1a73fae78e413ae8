import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { parse } from "yaml"
import { planOf } from "../run/run.fixture.ts"
import { readExecution } from "./execution.ts"
import { jobName } from "./names.ts"
import { type Plan, plan, stepsOf } from "./plan.ts"

function children(plan: Plan): Record<string, readonly string[]> {
  const steps = plan.tasks.flatMap((task) => task.steps ?? [])
  return Object.fromEntries(steps.map((step) => [step.id, step.children]))
}

test("the diamond has the ids and children that KubeGene shows", () => {
  const read = readExecution(parse(readFileSync("test/fixtures/execution/diamond.yaml", "utf8")))
  if (read.kind === "refused") throw new Error(read.reasons.join())
  expect(children(plan(read.execution))).toEqual({
    "a.0": ["diamond.b.0", "diamond.c.0"],
    "b.0": ["diamond.d.0"],
    "c.0": ["diamond.d.0"],
    "d.0": [],
  })
})

test("iterate leads from step i to step i, whole from every step to every step", () => {
  const plan = planOf({
    a: { commandSet: ["1", "2"] },
    b: { commandSet: ["1", "2"], follows: "a" },
    c: { commandSet: ["1", "2"], after: "b" },
  })
  expect(children(plan)).toMatchObject({
    "a.0": ["e.b.0"],
    "a.1": ["e.b.1"],
    "b.0": ["e.c.0", "e.c.1"],
    "b.1": ["e.c.0", "e.c.1"],
  })
})

test("steps that are not known yet are one child with a trailing dot", () => {
  const plan = planOf({
    a: {},
    b: { after: "a", commandsIter: { command: "x", varsIter: [["get_result", "a", " "]] } },
  })
  expect(children(plan)).toEqual({ "a.0": ["e.b."] })
  expect(plan.tasks[1]?.steps).toBeUndefined()
  const task = plan.tasks[1]
  expect(task && stepsOf(plan, task, 2).map((step) => step.job)).toEqual(["e.b.0", "e.b.1"])
})

test("the lists of children grow with the steps, not with their product", () => {
  const wide = {
    commandsIter: { command: "x", varsIter: [Array.from({ length: 5000 }, (_, i) => i)] },
  }
  const plan = planOf({ a: wide, b: { ...wide, after: "a" }, c: { after: "b" } })
  const listed = plan.tasks.flatMap((task) => task.steps ?? []).map((step) => step.children)
  expect(listed[0]).toEqual(["e.b."])
  expect(listed[5000]).toEqual(["e.c.0"])
  expect(new Set(listed).size).toBe(3)
})

test("until keeps the named tasks and what they depend on", () => {
  const plan = planOf(
    { a: {}, b: { after: "a" }, c: { after: "b" }, d: { after: "a" } },
    { until: ["b"] },
  )
  expect(plan.tasks.filter((task) => task.isWanted).map((task) => task.spec.name)).toEqual([
    "a",
    "b",
  ])
  expect(children(plan)["a.0"]).toEqual(["e.b.0"])
})

test("tasks may stand in any order: upstream comes first in the plan's order", () => {
  const plan = planOf({ c: { after: "b" }, b: { after: "a" }, a: {} })
  expect(plan.order.map((index) => plan.tasks[index]?.spec.name)).toEqual(["a", "b", "c"])
})

test("a Job's name fits, whatever the attempt, and two cut names differ", () => {
  expect(jobName("e", "a", 3, 1)).toBe("e.a.3")
  expect(jobName("e", "a", 3, 2)).toBe("e.a.3.r2")
  const long = "x".repeat(58)
  const second = jobName("e", long, 1, 2)
  expect(second).toMatch(/^e\.x+-[0-9a-f]{8}\.r2$/)
  expect(second.length).toBe(63)
  expect(jobName("e", long, 1, 3)).not.toBe(second)
  expect(jobName("e", long, 2, 2)).not.toBe(second)
})

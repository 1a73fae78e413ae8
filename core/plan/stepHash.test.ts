import { expect, test } from "vitest"
import { planOf } from "../run/run.fixture.ts"
import { stepHasher } from "./stepHash.ts"

type Tasks = Record<string, Record<string, unknown>>

const base: Tasks = {
  a: {},
  b: { commandSet: ["1", "2"], after: "a" },
  c: { commandSet: ["1", "2"], follows: "b" },
}

function hashes(tasks: Tasks, result = "x"): Record<string, string> {
  const plan = planOf(tasks)
  const { hash } = stepHasher(plan, () => result)
  const steps = plan.tasks.flatMap((task) => task.steps ?? [])
  return Object.fromEntries(steps.map((step) => [step.id, hash(step.task, step.index)]))
}

/** The ids of the steps that would run again after the change. */
function changed(after: Tasks, before: Tasks = base): readonly string[] {
  const [old, next] = [hashes(before), hashes(after)]
  return Object.keys(next).filter((id) => old[id] !== next[id])
}

function withTask(name: string, change: Record<string, unknown>): Tasks {
  return { ...base, [name]: { ...base[name], ...change } }
}

test("the hash is a label value with its version in front", () => {
  expect(hashes(base)["a.0"]).toMatch(/^v1-[0-9a-f]{16}$/)
})

test("image and command decide, and with them everything below", () => {
  expect(changed(withTask("b", { image: "other" }))).toEqual(["b.0", "b.1", "c.0", "c.1"])
  expect(changed(withTask("b", { commandSet: ["1", "3"] }))).toEqual(["b.1", "c.1"])
  expect(changed(withTask("a", { commandSet: ["new"] }))).toEqual([
    "a.0",
    "b.0",
    "b.1",
    "c.0",
    "c.1",
  ])
})

test("mounts and the containers of a jobTemplate decide", () => {
  const volumes = { d: { mountPath: "/d", mountFrom: { pvc: "lab" } } }
  expect(changed(withTask("c", { volumes }))).toEqual(["c.0", "c.1"])
  const env = [{ name: "A", value: "1" }]
  expect(changed(withTask("c", { jobTemplate: template({ env }) }))).toEqual(["c.0", "c.1"])
})

test("what it may cost and where it runs decides nothing", () => {
  const costs = {
    resources: { memory: "16Gi" },
    backoffLimit: 3,
    activeDeadlineSeconds: 9,
    parallelism: 1,
    nodeSelector: { disk: "ssd" },
    tolerations: [{ key: "gpu" }],
  }
  expect(changed(withTask("b", costs))).toEqual([])
  const before = withTask("c", { jobTemplate: template({ env: [] }) })
  const after = withTask("c", {
    jobTemplate: template({ env: [], resources: { limits: { memory: "1Gi" } } }),
  })
  expect(changed(after, before)).toEqual([])
})

test("the name of a volume decides nothing, its place does", () => {
  const at = (name: string) => ({ [name]: { mountPath: "/d", mountFrom: { pvc: "lab" } } })
  const before = withTask("c", { volumes: at("x") })
  expect(changed(withTask("c", { volumes: at("y") }), before)).toEqual([])
})

test("the order of dependencies decides nothing", () => {
  const before = { a: {}, b: {}, c: { after: "a b" } }
  expect(changed({ a: {}, b: {}, c: { after: "b a" } }, before)).toEqual([])
})

test("the result of a task decides what reads it", () => {
  const tasks = { a: {}, b: { after: "a", condition: { condition: ["check_result", "a", "x"] } } }
  expect(hashes(tasks, "x")["b.0"]).not.toBe(hashes(tasks, "y")["b.0"])
  expect(hashes(tasks, "x")["a.0"]).toBe(hashes(tasks, "y")["a.0"])
})

function template(container: object) {
  return { spec: { template: { spec: { containers: [container] } } } }
}

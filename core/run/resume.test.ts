import { describe, expect, test } from "vitest"
import { stepHasher } from "../plan/stepHash.ts"
import { decide } from "./decide.ts"
import type { EarlierRun } from "./observed.ts"
import { planOf, seen, soon, told } from "./run.fixture.ts"
import type { RunStatus, VertexPhase } from "./status.ts"
import { emptyStatus } from "./status.ts"

type Tasks = Parameters<typeof planOf>[0]

const tasks: Tasks = {
  a: {},
  b: { commandSet: ["1", "2"], after: "a" },
  c: { commandSet: ["1", "2"], follows: "b" },
  d: { after: "c" },
}

/** The run "old", of which all succeeded but what is named, and what printed something. */
function earlier(
  before: Tasks,
  phases: Readonly<Record<string, VertexPhase>> = {},
  results: Readonly<Record<string, string>> = {},
): EarlierRun {
  const plan = planOf(before, {}, { name: "old" })
  const { hash } = stepHasher(plan, (task) => results[`${task}.0`])
  const vertices = plan.tasks.flatMap((task) =>
    (task.steps ?? []).map((step) => ({
      id: step.vertex,
      name: step.job,
      type: "Job",
      phase: phases[step.id] ?? "Succeeded",
      message: "",
      startedAt: "2026-11-20T10:00:00Z",
      finishedAt: "2026-11-20T11:00:00Z",
      releasedAt: undefined,
      children: [],
      attempt: 1,
      stepHash: hash(step.task, step.index),
      result: results[step.id],
    })),
  )
  const status: RunStatus = {
    ...emptyStatus,
    vertices: new Map(vertices.map((vertex) => [vertex.id, vertex])),
  }
  return { kind: "found", spec: plan.execution.spec, status }
}

function resume(now: Tasks, from: EarlierRun, rerun: readonly string[] = []) {
  const plan = planOf(now, { resumeFrom: { name: "old", rerun } })
  const observed = seen(plan, { rest: { resumedFrom: from } })
  const { status, actions } = decide(plan, observed, soon)
  expect(actions).toEqual([])
  const next = decide(plan, { ...observed, status }, soon)
  return { status, next: told(plan, next), nextStatus: next.status }
}

function reused({ status }: { readonly status: RunStatus }): readonly string[] {
  return [...status.vertices.keys()].map((id) => id.replace("e.", ""))
}

test("first the earlier run is read; nothing is created before that", () => {
  const plan = planOf(tasks, { resumeFrom: { name: "old" } })
  const decision = decide(plan, seen(plan, {}), soon)
  expect(told(plan, decision)).toEqual(["readRun old"])
})

test("without the earlier run there is nothing to resume: the run ends and says so", () => {
  const plan = planOf(tasks, { resumeFrom: { name: "old" } })
  const resumedFrom = { kind: "missing" as const, reason: 'there is no run "old" in "gene"' }
  const { status } = decide(plan, seen(plan, { rest: { resumedFrom } }), soon)
  expect([status.phase, status.message]).toEqual([
    "Error",
    '"old", which this run resumes from, cannot be read: there is no run "old" in "gene"',
  ])
  expect(status.finishedAt).toBeDefined()
})

describe("a step is reused if it succeeded, means the same, and all it follows is reused", () => {
  test("an unchanged text runs only what did not succeed, and what follows that", () => {
    const outcome = resume(tasks, earlier(tasks, { "c.1": "Failed", "d.0": "" }))
    expect(reused(outcome)).toEqual(["a.0", "b.0", "b.1", "c.0"])
    expect(outcome.next).toEqual(["create c.1"])
    expect(outcome.status.resumed).toEqual({
      from: "old",
      runsAgain: { c: 'it did not succeed in "old"', d: 'it follows "c", which runs again' },
    })
    expect(outcome.status.vertices.get("e.a.0")).toMatchObject({
      phase: "Reused",
      message: "reused from old: same image, command, inputs",
    })
  })

  test("more memory changes nothing, another command that step and what follows it", () => {
    const more = { ...tasks, c: { ...tasks.c, resources: { memory: "16Gi" } } }
    expect(resume(more, earlier(tasks, { "c.1": "Failed" })).next).toEqual(["create c.1"])
    const other = { ...tasks, b: { ...tasks.b, commandSet: ["1", "new"] } }
    const outcome = resume(other, earlier(tasks))
    expect(reused(outcome)).toEqual(["a.0", "b.0", "c.0"])
    expect(outcome.status.resumed?.runsAgain).toEqual({
      b: "the command changed",
      c: 'it follows "b", which runs again',
      d: 'it follows "c", which runs again',
    })
  })

  test("each reason is said in words", () => {
    const why = (change: object, before: EarlierRun = earlier(tasks)) =>
      resume({ ...tasks, a: { ...tasks.a, ...change } }, before).status.resumed?.runsAgain.a
    expect(why({ image: "new" })).toBe("the image changed")
    const volumes = { d: { mountPath: "/d", mountFrom: { pvc: "lab" } } }
    expect(why({ volumes })).toBe("the volumes changed")
    const env = [{ name: "A", value: "1" }]
    const jobTemplate = { spec: { template: { spec: { containers: [{ env }] } } } }
    expect(why({ jobTemplate })).toBe("the jobTemplate changed")
    const { a, ...others } = tasks
    const without = { ...others, b: { commandSet: ["1", "2"] } }
    expect(a && why({}, earlier(without))).toBe('it did not run in "old"')
  })

  test("what is named in rerun runs again, and all below it", () => {
    const outcome = resume(tasks, earlier(tasks), ["b"])
    expect(reused(outcome)).toEqual(["a.0"])
    expect(outcome.next).toEqual(["create b.0", "create b.1"])
    expect(outcome.status.resumed?.runsAgain.b).toBe("it was asked to run again")
  })

  test("a hash of another version runs again", () => {
    const before = earlier(tasks)
    if (before.kind !== "found") throw new Error("missing")
    const vertices = new Map(
      [...before.status.vertices].map(([id, one]) => [id, { ...one, stepHash: "v0-1" }]),
    )
    const outcome = resume(tasks, { ...before, status: { ...before.status, vertices } })
    expect(outcome.status.resumed?.runsAgain.a).toBe(
      '"old" was run by another version of this program',
    )
  })
})

describe("results are copied", () => {
  const mapped: Tasks = {
    a: {},
    b: { after: "a", commandsIter: { command: "x ${1}", varsIter: [["get_result", "a", " "]] } },
  }

  test("what a result made is reused with it", () => {
    const before = earlier({ a: {} }, {}, { "a.0": "s1 s2" })
    const outcome = resume(mapped, before)
    expect(outcome.status.vertices.get("e.a.0")?.result).toBe("s1 s2")
    expect(outcome.next).toEqual(["create b.0", "create b.1"])
  })

  test("a step whose result is needed now, but was not kept, runs again", () => {
    const outcome = resume(mapped, earlier({ a: {} }))
    expect(outcome.status.resumed?.runsAgain.a).toBe("what it printed was not kept")
    expect(outcome.next).toEqual(["create a.0"])
  })
})

test("a run of which all is reused succeeds at once", () => {
  const outcome = resume(tasks, earlier(tasks))
  expect(outcome.nextStatus).toMatchObject({ phase: "Succeeded", progress: "6/6" })
})

import { describe, expect, test } from "vitest"
import { chain, check, fan, run, said, statusAfter } from "./decide.fixture.ts"
import type { Look } from "./run.fixture.ts"
import { emptyStatus, type RunStatus, type VertexStatus } from "./status.ts"

describe("edges", () => {
  test("roots start at once, the rest waits", () => {
    const decision = check(chain, {}, ["create a.0"])
    expect(run(decision)).toBe("Running: execution is running")
    expect(decision.status.progress).toBe("0/2")
  })

  test("a whole dependency waits for every step", () => {
    check(fan, { looks: { "a.0": "complete", "a.1": "complete", "a.2": "running" } }, [])
    const done = { "a.0": "complete", "a.1": "complete", "a.2": "complete" } as const
    check(fan, { looks: done }, ["create b.0"])
  })

  test("iterate goes step by step", () => {
    const tasks = { a: { commandSet: ["1", "2"] }, b: { commandSet: ["1", "2"], follows: "a" } }
    check(tasks, { looks: { "a.0": "running", "a.1": "complete" } }, ["create b.1"])
  })

  test("a creation under way is not sent again, an existing Job is adopted", () => {
    check(chain, { looks: { "a.0": "creating" } }, [])
    expect(said(check(chain, { looks: { "a.0": "created" } }, []))).toEqual({
      "a.0": "Running: vertex is running",
    })
  })

  test("the order of creation is that of the spec", () => {
    check({ z: { commandSet: ["1", "2"] }, a: {} }, {}, ["create z.0", "create z.1", "create a.0"])
  })

  test("what until leaves out never starts, and the run succeeds without it", () => {
    const decision = check({ ...chain, c: {} }, { looks: { "a.0": "complete" } }, [], {
      until: ["a"],
    })
    expect(run(decision)).toBe("Succeeded (ended): execution has run successfully")
  })
})

describe("parallelism", () => {
  test("it is a hard cap on Jobs that have not ended", () => {
    check(fan, {}, ["create a.0", "create a.1"], { parallelism: 2 })
    check(fan, { looks: { "a.0": "running" } }, ["create a.1"], { parallelism: 2 })
    check(fan, { looks: { "a.0": "creating", "a.1": "running" } }, [], { parallelism: 2 })
    check(fan, { looks: { "a.0": "released", "a.1": "running" } }, [], { parallelism: 2 })
    check(fan, { looks: { "a.0": "complete", "a.1": "running" } }, ["create a.2"], {
      parallelism: 2,
    })
  })

  test("Kubernetes gets no more Jobs than it begins with", () => {
    const tasks = { a: { commandSet: Array.from({ length: 400 }, (_, index) => `${index}`) } }
    const jobs = (from: number, to: number, look: Look) =>
      Object.fromEntries(
        Array.from({ length: to - from }, (_, index) => [`a.${from + index}`, look] as const),
      )
    const created = (from: number, to: number) => Object.keys(jobs(from, to, "created"))
    const toCreate = (from: number, to: number) => created(from, to).map((id) => `create ${id}`)
    check(tasks, {}, toCreate(0, 256))
    check(tasks, { looks: jobs(0, 256, "created") }, [])
    check(tasks, { looks: jobs(0, 256, "creating") }, [])
    const looks = { ...jobs(0, 100, "pending"), ...jobs(100, 300, "created") }
    check(tasks, { looks }, toCreate(300, 356))
  })

  test("a task has its own", () => {
    const tasks = { ...fan, a: { ...fan.a, parallelism: 1 }, c: {} }
    check(tasks, {}, ["create a.0", "create c.0"])
    check(tasks, { looks: { "a.0": "running", "c.0": "running" } }, [])
  })

  test("Jobs of earlier attempts count", () => {
    const status = { ...emptyStatus, phase: "Running" as const, attempts: { "a.0": 2 } }
    check({ a: {}, c: {} }, { looks: { "a.0": "running" }, status }, [], { parallelism: 1 })
  })

  test("0 starts nothing and says so", () => {
    const decision = check(chain, {}, [], { parallelism: 0 })
    expect(run(decision)).toBe("Running: execution is running; parallelism is 0, so nothing starts")
  })
})

describe("news", () => {
  test("start, failure and end are told once each", () => {
    const first = check(chain, { looks: { "a.0": "running" } }, [])
    expect(first.news.map((one) => one.reason)).toEqual(["Started"])
    const looks = { "a.0": "failed" } as const
    const failed = check(chain, { looks, status: first.status }, [])
    expect(failed.news.map((one) => `${one.type} ${one.reason}: ${one.message}`)).toEqual([
      "Warning StepFailed: e.a.0: command ended with exit code 2",
      'Warning Failed: "a" failed: command ended with exit code 2',
    ])
    expect(check(chain, { looks, status: failed.status }, []).news).toEqual([])
  })
})

test("a status that says everything already is returned as it is, so nothing is written", () => {
  const looks = { "a.0": "released", "b.0": "pending" } as const
  const status = statusAfter(chain, { looks })
  expect(check(chain, { looks, status }, []).status).toBe(status)
})

test("a vertex that KubeGene wrote goes on from there", () => {
  const vertex: VertexStatus = {
    id: "e.a.0",
    name: "e.a.0",
    type: "",
    phase: "Succeeded",
    message: "success",
    startedAt: undefined,
    finishedAt: undefined,
    releasedAt: undefined,
    children: ["e.b."],
    attempt: 1,
    stepHash: undefined,
    result: undefined,
  }
  const status: RunStatus = { ...emptyStatus, vertices: new Map([["e.a.0", vertex]]) }
  check(chain, { status }, ["create b.0"])
})

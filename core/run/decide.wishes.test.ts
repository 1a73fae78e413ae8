import { describe, expect, test } from "vitest"
import { chain, check, run, said, statusAfter, type Tasks } from "./decide.fixture.ts"

describe("wishes", () => {
  const wish = (kind: string, rest: object = {}) => ({
    [`execution.kubegene.io/${kind}`]: JSON.stringify({ id: `${kind}-1`, by: "anna", ...rest }),
  })

  test("suspend starts nothing new, resume goes on", () => {
    const looks = { "a.0": "complete" } as const
    const suspended = check(chain, { looks, annotations: wish("suspend") }, [])
    expect(run(suspended)).toBe(
      "Running: suspended by anna; nothing new starts until it is resumed",
    )
    expect(suspended.status.observedWishes).toEqual(["suspend-1"])
    check(chain, { looks, status: suspended.status, annotations: wish("suspend") }, [])
    const both = { ...wish("suspend"), ...wish("resume") }
    check(chain, { looks, status: suspended.status, annotations: both }, ["create b.0"])
  })

  test("of two wishes that come together the later one holds", () => {
    const looks = { "a.0": "complete" } as const
    const at = (suspend: string, resume: string) => ({
      ...wish("suspend", { at: suspend }),
      ...wish("resume", { at: resume }),
    })
    const [early, late] = ["2026-11-20T14:00:00Z", "2026-11-20T14:00:01Z"]
    check(chain, { looks, annotations: at(late, early) }, [])
    check(chain, { looks, annotations: at(early, late) }, ["create b.0"])
  })

  test("stop deletes what works, and the run ends when that is gone", () => {
    const annotations = wish("stop")
    const stopping = check(chain, { looks: { "a.0": "running" }, annotations }, ["delete a.0"])
    expect(run(stopping)).toBe("Failed: stopped by anna")
    const { status } = stopping
    const going = check(chain, { looks: { "a.0": "deleting" }, annotations, status }, [])
    expect([run(going), said(going)]).toEqual([
      "Failed: stopped by anna",
      { "a.0": "Stopped: stopped by anna" },
    ])
    const gone = check(chain, { looks: { "a.0": "gone" }, annotations, status }, [])
    expect(run(gone)).toBe("Failed (ended): stopped by anna")
  })

  test("a step that has ended well is not stopped any more", () => {
    const annotations = wish("stop")
    const looks = { "a.0": "released" } as const
    const stopping = check(chain, { looks, annotations }, [])
    const { status } = stopping
    const decision = check(chain, { looks: { "a.0": "complete" }, annotations, status }, [])
    expect(said(decision)).toEqual({ "a.0": "Succeeded: success" })
  })

  test("retry makes the next attempt of what failed; the old Job stays", () => {
    const status = statusAfter(chain, { looks: { "a.0": "failed" } })
    const annotations = wish("retry", { steps: [] })
    const decision = check(chain, { looks: { "a.0": "failed" }, status, annotations }, [
      "create a.0.r2",
    ])
    expect(run(decision)).toBe("Running: execution is running")
    expect(decision.status).toMatchObject({
      attempts: { "a.0": 2 },
      observedWishes: ["retry-1"],
      finishedAt: undefined,
    })
    const after = { "a.0": "failed", "a.0.r2": "complete" } as const
    const next = check(chain, { looks: after, status: decision.status, annotations }, [
      "create b.0",
    ])
    expect(next.status.vertices.get("e.a.0")).toMatchObject({ name: "e.a.0.r2", attempt: 2 })
  })

  test("a retry that was carried out but not recorded comes to the same", () => {
    const status = statusAfter(chain, { looks: { "a.0": "failed" } })
    const looks = { "a.0": "failed", "a.0.r2": "running" } as const
    const annotations = wish("retry", { steps: [] })
    const decision = check(chain, { looks, status, annotations }, [])
    expect(decision.status.vertices.get("e.a.0")).toMatchObject({ attempt: 2, phase: "Running" })
  })

  test("retry of one step leaves the other failed ones, and the run ends Failed again", () => {
    const tasks: Tasks = { a: {}, b: {}, c: { after: "a" }, d: { after: "b" } }
    const status = statusAfter(tasks, { looks: { "a.0": "failed", "b.0": "failed" } })
    const annotations = wish("retry", { steps: ["a"] })
    const looks = { "a.0": "failed", "b.0": "failed", "a.0.r2": "complete" } as const
    const going = check(tasks, { looks, status, annotations }, ["create c.0"])
    const ended = check(
      tasks,
      { looks: { ...looks, "c.0": "complete" }, status: going.status, annotations },
      [],
    )
    expect(run(ended)).toBe('Failed (ended): "b" failed: command ended with exit code 2')
  })

  test("retry of what had started early takes what followed with it", () => {
    const before = statusAfter(chain, { looks: { "a.0": "released", "b.0": "complete" } })
    const looks = { "a.0": "failed", "b.0": "complete" } as const
    const status = statusAfter(chain, { looks, status: before })
    const annotations = wish("retry", { steps: [] })
    const decision = check(chain, { looks, status, annotations }, ["create a.0.r2"])
    expect(decision.status.attempts).toEqual({ "a.0": 2, "b.0": 2 })
  })

  test("retry of a run that is stopping waits until it stands still", () => {
    const stop = wish("stop")
    const both = { ...stop, ...wish("retry", { steps: [] }) }
    const { status } = check(chain, { looks: { "a.0": "running" }, annotations: stop }, [
      "delete a.0",
    ])
    check(chain, { looks: { "a.0": "deleting" }, annotations: both, status }, [])
    const ended = check(chain, { looks: { "a.0": "gone" }, annotations: both, status }, [])
    check(chain, { looks: { "a.0": "gone" }, annotations: both, status: ended.status }, [
      "create a.0.r2",
    ])
  })
})

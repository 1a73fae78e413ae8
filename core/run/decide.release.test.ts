import { describe, expect, test } from "vitest"
import { chain, check, run, said, statusAfter, withJob, withPod } from "./decide.fixture.ts"
import type { Observed } from "./observed.ts"
import { jobFacts, planOf, podFacts, soon } from "./run.fixture.ts"

describe("when a step counts as done", () => {
  test("what follows starts as soon as the containers have ended well", () => {
    const decision = check(chain, { looks: { "a.0": "released" } }, ["create b.0"])
    expect(decision.status.vertices.get("e.a.0")).toMatchObject({
      phase: "Running",
      releasedAt: "2026-11-20T14:00:08Z",
    })
  })

  test("the record says when a step released, also when its Job's end was seen before it was written", () => {
    const looks = { "a.0": "complete" } as const
    const ofA = (annotations?: Record<string, string>) =>
      statusAfter(chain, { looks, annotations }).vertices.get("e.a.0")?.releasedAt
    expect(ofA()).toBe("2026-11-20T14:00:08Z")
    expect(ofA({ "execution.kubegene.io/start": "complete" })).toBeUndefined()
  })

  test("with start: complete it waits for the Job", () => {
    const annotations = { "execution.kubegene.io/start": "complete" }
    check(chain, { looks: { "a.0": "released" }, annotations }, [])
    check(chain, { looks: { "a.0": "complete" }, annotations }, ["create b.0"])
  })

  const never: readonly [string, (plan: ReturnType<typeof planOf>) => Partial<Observed>][] = [
    ["a Job of two completions", (plan) => withJob(plan, { completions: 2 })],
    ["pods that are restarted in place", (plan) => withJob(plan, { restartPolicy: "OnFailure" })],
    ["a Job that is being deleted", (plan) => withJob(plan, { deletedAt: soon })],
    ["a pod that is being deleted", (plan) => withPod(plan, { deletedAt: soon })],
    ["a pod of another Job", (plan) => withPod(plan, { ownerUid: "other" })],
    ["a pod that has failed", (plan) => withPod(plan, { phase: "Failed" })],
  ]
  test.each(never)("nothing starts early after %s", (_, rest) => {
    const plan = planOf(chain)
    check(chain, { looks: { "a.0": "released" }, rest: rest(plan) }, [])
  })

  test("all containers have to end well", () => {
    const plan = planOf(chain)
    const pod = podFacts(jobFacts(plan, "a.0", "released"), "released")
    const works = podFacts(jobFacts(plan, "a.0", "running"), "running")
    const containers = [...(pod?.containers ?? []), ...(works?.containers ?? [])]
    check(chain, { looks: { "a.0": "released" }, rest: withPod(plan, { containers }) }, [])
  })

  test("a pod that failed after what follows had started stops that, and the run says why", () => {
    const before = statusAfter(chain, { looks: { "a.0": "released", "b.0": "running" } })
    const looks = { "a.0": "evicted after release", "b.0": "running" } as const
    check(chain, { looks, status: before }, ["delete b.0"])
    const going = { "a.0": "evicted after release", "b.0": "deleting" } as const
    const decision = check(chain, { looks: going, status: before }, [])
    expect(run(decision)).toBe(
      'Failed: "a" had ended well, but its pod "e.a.0-abcde" did not stay so; what had started after it was stopped',
    )
    expect(said(decision)["b.0"]).toBe(
      'Stopped: stopped, because "a", which it follows, failed after all',
    )
  })

  test("a Job that failed after an early start stops what followed", () => {
    const before = statusAfter(chain, { looks: { "a.0": "released", "b.0": "running" } })
    const decision = check(
      chain,
      { looks: { "a.0": "failed", "b.0": "running" }, status: before },
      ["delete b.0"],
    )
    expect(run(decision)).toBe('Failed: "a" failed: command ended with exit code 2')
  })

  test("a pod that failed before anything followed only holds that back", () => {
    const before = statusAfter(chain, { looks: { "a.0": "released" } })
    const decision = check(chain, { looks: { "a.0": "evicted after release" }, status: before }, [])
    expect(run(decision)).toMatch(/^Running/)
  })

  test("a pod that is only gone from sight proves nothing", () => {
    const plan = planOf(chain)
    const before = statusAfter(chain, { looks: { "a.0": "released" } })
    const rest = { jobs: new Map([["e.a.0", jobFacts(plan, "a.0", "released")]]) }
    check(chain, { status: before, rest }, ["create b.0"])
  })
})

import { describe, expect, test } from "vitest"
import {
  chain,
  check,
  fan,
  noLabels,
  run,
  said,
  statusAfter,
  type Tasks,
  withJob,
} from "./decide.fixture.ts"
import { decide } from "./decide.ts"
import type { Refusal } from "./observed.ts"
import { jobFacts, planOf, seen, soon } from "./run.fixture.ts"

describe("failure", () => {
  const two: Tasks = { a: {}, b: {}, c: { after: "a" } }

  test("nothing new starts, what runs may finish, and the run ends when it has", () => {
    const failing = check(two, { looks: { "a.0": "running", "b.0": "failed" } }, [])
    expect(run(failing)).toBe('Failed: "b" failed: command ended with exit code 2')
    const later = check(
      two,
      { looks: { "a.0": "complete", "b.0": "failed" }, status: failing.status },
      [],
    )
    expect(run(later)).toBe('Failed (ended): "b" failed: command ended with exit code 2')
    expect(said(later)).toEqual({
      "a.0": "Succeeded: success",
      "b.0": "Failed: command ended with exit code 2",
    })
    expect(later.status.vertices.get("e.b.0")?.finishedAt).toBe("2026-11-20T14:00:09Z")
  })

  test("of several steps the failed one is named by its index", () => {
    const looks = { "a.0": "complete", "a.1": "failed", "a.2": "complete" } as const
    expect(run(check(fan, { looks }, []))).toBe(
      'Failed (ended): "a" step 1 failed: command ended with exit code 2',
    )
  })

  test("a step that ended stays as it is, whatever becomes of its Job", () => {
    const status = statusAfter(chain, { looks: { "a.0": "complete" } })
    check(chain, { status, looks: { "a.0": "gone" } }, ["create b.0"])
    check(chain, { status }, ["create b.0"])
  })

  test("a Job that status knows is looked for, and failed once it is surely gone", () => {
    const status = statusAfter(chain, { looks: { "a.0": "running" } })
    check(chain, { status }, ["lookFor a.0"])
    const decision = check(chain, { status, looks: { "a.0": "gone" } }, [])
    expect(said(decision)).toEqual({ "a.0": "Failed: its Job was deleted" })
    expect(run(decision)).toBe('Failed (ended): "a" failed: its Job was deleted')
  })

  test("a Job that was seen and deleted before status knew it is not created again", () => {
    const decision = check(chain, { looks: { "a.0": "gone" } }, [])
    expect(said(decision)).toEqual({ "a.0": "Failed: its Job was deleted" })
  })

  test("a Job whose pod is not seen to have failed yet is given a moment to be explained", () => {
    const plan = planOf(chain)
    const failed = jobFacts(plan, "a.0", "failed")
    const end = failed.end && { ...failed.end, at: soon - 1000 }
    const rest = { jobs: new Map([[failed.name, { ...failed, end }]]) }
    const early = check(chain, { rest }, [])
    expect([run(early), early.wakeAt]).toEqual(["Running: execution is running", soon + 2000])
    const explained = check(chain, { looks: { "a.0": "failed" }, rest }, [])
    expect(said(explained)).toEqual({ "a.0": "Failed: command ended with exit code 2" })
    const late = decide(plan, seen(plan, { rest }), soon + 2000)
    expect(said(late)).toEqual({
      "a.0": "Failed: its Job failed: Job has reached the specified backoff limit",
    })
  })

  test("a run that is over stays as it is", () => {
    const status = statusAfter(chain, { looks: { "a.0": "failed" } })
    const decision = check(chain, { status, looks: { "a.0": "complete" } }, [])
    expect(decision.status).toBe(status)
  })

  test("a run that is being deleted is left alone", () => {
    const plan = planOf(chain)
    const metadata = { ...plan.execution.metadata, deletedAt: soon }
    check(chain, { rest: { metadata } }, [])
  })
})

describe("a name that is taken", () => {
  test("by a Job of another step or attempt, or of somebody else, fails the step", () => {
    const plan = planOf(chain)
    for (const change of [
      { ownerUid: undefined, labels: noLabels },
      { ownerUid: "other", labels: noLabels },
    ]) {
      const decision = check(chain, { rest: withJob(plan, change) }, [])
      expect(said(decision)["a.0"]).toBe(
        'Failed: the name "e.a.0" is taken by a Job that is not of this run',
      )
    }
    const { labels } = jobFacts(plan, "a.0", "running")
    check(chain, { rest: withJob(plan, { labels: { ...labels, attempt: "2" } }) }, [])
  })

  test("by a Job of an earlier run of that name is waited for", () => {
    const plan = planOf(chain)
    const decision = check(chain, { rest: withJob(plan, { ownerUid: "earlier" }) }, [])
    expect(run(decision)).toBe(
      'Running: execution is running; "a": the Job "e.a.0" of an earlier run has to be gone first',
    )
  })

  test("a Job that KubeGene made, without our labels, is ours", () => {
    const plan = planOf(chain)
    const rest = withJob(plan, { labels: noLabels }, "complete")
    check(chain, { rest }, ["create b.0"])
  })
})

describe("what the server refuses", () => {
  const refusal: Refusal = {
    kind: "quota",
    message:
      'jobs.batch "e.a.0" is forbidden: exceeded quota: compute, requested: count/jobs.batch=1, used: count/jobs.batch=64, limited: count/jobs.batch=64',
    since: soon - 5000,
    retryAt: soon + 5000,
  }
  const refused = (one: Refusal) => ({ rest: { refusals: new Map([["e.a.0", one]]) } })

  test("it is asked again at its time, and the run says what it waits for", () => {
    const decision = check(chain, refused(refusal), [])
    expect(decision.wakeAt).toBe(soon + 5000)
    expect(run(decision)).toBe(
      'Running: execution is running; "a": quota "compute" in "gene" is used up: 64 of 64 jobs.batch',
    )
    check(chain, refused({ ...refusal, retryAt: soon }), ["create a.0"])
  })

  test("what will never be accepted fails the step", () => {
    const invalid = { ...refusal, kind: "invalid" as const, message: "bad", retryAt: undefined }
    const decision = check(chain, refused(invalid), [])
    expect(run(decision)).toBe('Failed (ended): "a" failed: the server refused the Job: bad')
  })
})

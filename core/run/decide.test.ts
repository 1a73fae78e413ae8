import { describe, expect, test } from "vitest"
import { type Decision, decide } from "./decide.ts"
import type { Observed, Refusal } from "./observed.ts"
import { jobFacts, planOf, podFacts, type Seen, seen, soon, stepOf, told } from "./run.fixture.ts"
import { emptyStatus, type RunStatus, type VertexStatus } from "./status.ts"

type Tasks = Parameters<typeof planOf>[0]

const chain: Tasks = { a: {}, b: { after: "a" } }
const fan: Tasks = { a: { commandSet: ["1", "2", "3"] }, b: { after: "a" } }

/** What is done, given the tasks and what is seen. */
function check(tasks: Tasks, what: Seen, actions: readonly string[], spec: object = {}): Decision {
  const plan = planOf(tasks, { ...spec })
  const decision = decide(plan, seen(plan, what), soon)
  expect(told(plan, decision)).toEqual(actions)
  return decision
}

/** What status says of each step: phase and message. */
function said({ status }: Decision): Record<string, string> {
  return Object.fromEntries(
    [...status.vertices].map(([id, { phase, message }]) => [
      id.replace("e.", ""),
      `${phase}: ${message}`,
    ]),
  )
}

function run({ status }: Decision): string {
  return `${status.phase}${status.finishedAt === undefined ? "" : " (ended)"}: ${status.message}`
}

/** The status that a driver wrote when it saw this. */
function statusAfter(tasks: Tasks, what: Seen, spec: object = {}): RunStatus {
  const plan = planOf(tasks, { ...spec })
  return decide(plan, seen(plan, what), soon).status
}

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

describe("when a step counts as done", () => {
  test("what follows starts as soon as the containers have ended well", () => {
    const decision = check(chain, { looks: { "a.0": "released" } }, ["create b.0"])
    expect(decision.status.vertices.get("e.a.0")).toMatchObject({
      phase: "Running",
      releasedAt: "2026-11-20T14:00:08Z",
    })
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

describe("conditions and results", () => {
  const checked: Tasks = {
    a: {},
    b: { after: "a", condition: { condition: ["check_result", "a", "yes"] } },
    c: { after: "b" },
    d: {},
    e: { after: "c d" },
  }
  const looks = { "a.0": "complete", "d.0": "complete" } as const

  test("the log is read once, recorded, and only then used", () => {
    check(checked, { looks }, ["readLog a.0"])
    const first = check(checked, { looks, logs: { "a.0": "yes\n" } }, [])
    expect(first.status.vertices.get("e.a.0")).toMatchObject({ phase: "Succeeded", result: "yes" })
    check(checked, { looks, status: first.status }, ["create b.0"])
  })

  test("a false condition skips the task and all that depends on it, a join included", () => {
    const status = statusAfter(checked, { looks, logs: { "a.0": "no\n" } })
    const decision = check(checked, { looks, status }, [])
    expect(said(decision)).toMatchObject({
      "b.0": 'Skipped: skipped: "a" answered "no", wanted "yes"',
      "c.0": 'Skipped: skipped, because "b" was skipped',
      "e.0": 'Skipped: skipped, because "c" was skipped',
    })
    expect(run(decision)).toBe("Succeeded (ended): execution has run successfully")
    expect(decision.status.progress).toBe("2/2")
  })

  test("a released step's log is read at once, and its Job waited for", () => {
    check(checked, { looks: { "a.0": "released", "d.0": "running" } }, ["readLog a.0"])
  })

  test("more than 1 KiB fails the step that printed it", () => {
    const decision = check(checked, { looks, logs: { "a.0": "x".repeat(1025) } }, [])
    expect(said(decision)["a.0"]).toBe(
      "Failed: it printed more than the 1 KiB that a result may have",
    )
    check(checked, { looks, logs: { "a.0": `${"x".repeat(1024)}\n` } }, [])
  })

  test("a Job of several pods has no one result", () => {
    const plan = planOf(checked)
    const job = { ...jobFacts(plan, "a.0", "complete"), completions: 2 }
    const jobs = new Map([[job.name, job]])
    const decision = decide(plan, seen(plan, { rest: { jobs } }), soon)
    expect(said(decision)["a.0"]).toBe("Failed: a result comes from one pod, its Job has 2")
  })

  test("a log that is gone fails the step", () => {
    const logs = new Map([["e.a.0", { kind: "unreadable" as const, reason: "its pod is gone" }]])
    const decision = check(checked, { looks, rest: { logs } }, [])
    expect(said(decision)["a.0"]).toBe("Failed: what it printed cannot be read: its pod is gone")
  })

  const mapped: Tasks = {
    a: {},
    b: {
      after: "a",
      commandsIter: { command: "x ${1}", varsIter: [["get_result", "a", " "]] },
    },
    c: { after: "b" },
  }
  const printed = (text: string) =>
    statusAfter(mapped, { looks: { "a.0": "complete" }, logs: { "a.0": `${text}\n` } })

  test("get_result makes the steps, with their commands", () => {
    const plan = planOf(mapped)
    const decision = decide(plan, seen(plan, { status: printed("s1 s2") }), soon)
    const commands = decision.actions.map((one) => (one.kind === "create" ? one.command : ""))
    expect(commands).toEqual(["x s1", "x s2"])
    expect(decision.status.progress).toBe("1/4")
  })

  test("before, the number of steps is not known", () => {
    expect(check(mapped, {}, ["create a.0"]).status.progress).toBe("0/2+")
  })

  test("an empty result skips, never hangs", () => {
    const decision = check(mapped, { status: printed("") }, [])
    expect(said(decision)).toMatchObject({
      "b.": 'Skipped: skipped: "a" printed nothing to make steps of',
      "c.0": 'Skipped: skipped, because "b" was skipped',
    })
    expect(run(decision)).toMatch(/^Succeeded/)
  })

  test("a result can be taken from a task that was made of a result, if it is one step", () => {
    const tasks: Tasks = {
      ...mapped,
      d: { after: "b", condition: { condition: ["check_result", "b", "ok"] } },
    }
    const first = statusAfter(tasks, { looks: { "a.0": "complete" }, logs: { "a.0": "s1" } })
    const status = statusAfter(tasks, {
      status: first,
      looks: { "a.0": "complete", "b.0": "complete" },
      logs: { "b.0": "ok" },
    })
    check(tasks, { status }, ["create c.0", "create d.0"])
    const two = statusAfter(tasks, { looks: { "a.0": "complete" }, logs: { "a.0": "s1 s2" } })
    const looks = { "b.0": "complete", "b.1": "complete" } as const
    const logs = { "b.0": "ok", "b.1": "ok" }
    expect(run(check(tasks, { status: two, looks, logs }, []))).toBe(
      'Failed (ended): "d" failed: it needs the result of "b", which has 2 steps; only one can give a result',
    )
  })

  test("conditions and literal commandsIter work on a root", () => {
    check({ a: { condition: { condition: [true] } } }, {}, ["create a.0"])
    check({ a: { commandsIter: { command: "${1}", varsIter: [[1, 2]] } } }, {}, [
      "create a.0",
      "create a.1",
    ])
    expect(run(check({ a: { condition: { condition: [false] } } }, {}, []))).toMatch(/^Succeeded/)
  })
})

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

const noLabels = {
  execution: undefined,
  task: undefined,
  index: undefined,
  attempt: undefined,
  stepHash: undefined,
}

function withJob(
  plan: ReturnType<typeof planOf>,
  change: object,
  look: "released" | "complete" = "released",
): Partial<Observed> {
  const job = { ...jobFacts(plan, "a.0", look), ...change }
  return { jobs: new Map([[stepOf(plan, "a.0").job, job]]) }
}

function withPod(plan: ReturnType<typeof planOf>, change: object): Partial<Observed> {
  const job = jobFacts(plan, "a.0", "released")
  const pod = podFacts(job, "released")
  return { pods: new Map(pod === undefined ? [] : [[job.name, [{ ...pod, ...change }]]]) }
}

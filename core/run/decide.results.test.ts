import { describe, expect, test } from "vitest"
import { check, run, said, statusAfter, type Tasks } from "./decide.fixture.ts"
import { decide } from "./decide.ts"
import { jobFacts, planOf, seen, soon } from "./run.fixture.ts"

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

import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { type Cluster, useCluster } from "./cluster.mts"
import {
  type ApiObject,
  type Engine,
  phases,
  startEngine,
  stepView,
  taskView,
  vertexOf,
} from "./engine.mts"
import { gate } from "./engineTasks.mts"
import { until } from "./until.mts"
import { watchJobs } from "./watchJobs.mts"

let bed: Cluster
let engine: Engine

before(async () => {
  bed = await useCluster()
  engine = await startEngine(bed, "engine-life")
})

after(async () => {
  await engine?.close()
  bed?.close()
})

/** Runs well only as the attempt of this number. */
const onlyAttempt = (attempt: number) => ({
  run: `test "$ATTEMPT" = ${attempt}`,
  jobTemplate: {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: "main",
              env: [
                {
                  name: "ATTEMPT",
                  valueFrom: {
                    fieldRef: { fieldPath: "metadata.labels['execution.kubegene.io/attempt']" },
                  },
                },
              ],
            },
          ],
        },
      },
    },
  },
})

suite("the life of a run on a real kubelet", { concurrency: true }, () => {
  test("after a failure nothing new starts; what runs finishes, and only then the run has ended", async () => {
    const run = await engine.run("fails", {
      a: "true",
      bad: { run: "exit 3", after: "a" },
      long: { run: gate, after: "a" },
      "after-bad": { run: "true", after: "bad" },
      "after-long": { run: "true", after: "long" },
    })
    const seen = await run.until("it has failed", (now) => now.status.phase === "Failed" && now)
    assert.equal(seen.status.message, '"bad" failed: command ended with exit code 3')
    assert.equal(seen.status.finishedAt, null)
    assert.equal(seen.view.phase, "failed")
    assert.ok(vertexOf(seen, "fails", "bad.0").finishedAt)
    await run.open("long.0")
    const end = await run.ended()
    assert.deepEqual(phases(end, "fails"), {
      "a.0": "Succeeded",
      "bad.0": "Failed",
      "long.0": "Succeeded",
    })
    assert.equal(end.status.message, '"bad" failed: command ended with exit code 3')
    assert.ok(end.status.finishedAt)
    assert.ok(end.status.finishedAt >= (vertexOf(end, "fails", "long.0").finishedAt ?? "x"))
    assert.equal(stepView(end, "after-long.0").phase, "not-started")
    assert.equal(stepView(end, "after-bad.0").phase, "not-started")
    assert.equal((await run.jobs()).length, 3)
  })

  test("a failed try is shown at once, the next one is a pod of the same Job", async () => {
    const run = await engine.run("tries", { a: { run: "exit 4", backoffLimit: 1 } })
    const first = await run.until("the first try is shown as failed", (now) => {
      const { reason } = stepView(now, "a.0")
      return reason?.kind === "try-failed" && reason
    })
    assert.equal(first.sentence, "try 1 of 2 failed: command ended with exit code 4")
    assert.equal(run.look()?.status.phase, "Running")
    const end = await run.ended()
    assert.equal(
      end.status.message,
      '"a" failed: command ended with exit code 4, as the last of 2 tries',
    )
    const [attempt, ...others] = stepView(end, "a.0").attempts
    assert.equal(attempt?.tries.length, 2)
    assert.deepEqual(others, [])
    assert.equal((await run.jobs()).length, 1)
  })

  test("retry runs what failed as a new Job and keeps the old one as evidence", async () => {
    const run = await engine.run("again", {
      a: "true",
      b: { ...onlyAttempt(2), after: "a" },
      c: { run: "true", after: "b" },
    })
    assert.equal((await run.ended()).status.phase, "Failed")
    await run.wish("retry")
    const end = await run.until("it has succeeded", (now) => {
      return now.status.phase === "Succeeded" && now
    })
    assert.ok(end.status.finishedAt)
    const b = vertexOf(end, "again", "b.0")
    assert.equal(b.attempt, 2)
    assert.equal(b.name, "again.b.0.r2")
    assert.equal(vertexOf(end, "again", "a.0").attempt, undefined)
    const jobs = await run.jobs()
    assert.deepEqual(jobs.map(({ metadata }) => metadata.name).sort(), [
      "again.a.0",
      "again.b.0",
      "again.b.0.r2",
      "again.c.0",
    ])
    assert.deepEqual(
      stepView(await run.ended(), "b.0").attempts.map(({ attempt, phase }) => [attempt, phase]),
      [
        [1, "failed"],
        [2, "succeeded"],
      ],
    )
  })

  test("retry of one task leaves the failure of another as it is", async () => {
    const run = await engine.run("named", {
      x: onlyAttempt(2),
      y: "exit 1",
      "after-x": { run: "true", after: "x" },
    })
    await run.ended()
    await run.wish("retry", { steps: ["x"] })
    const end = await run.until("x has had its second attempt", (now) => {
      return now.status.vertices["named.x.0"]?.attempt === 2 && now.status.finishedAt && now
    })
    assert.equal(end.status.phase, "Failed")
    assert.equal(end.status.message, '"y" failed: command ended with exit code 1')
    assert.deepEqual(phases(end, "named"), {
      "after-x.0": "Succeeded",
      "x.0": "Succeeded",
      "y.0": "Failed",
    })
    assert.equal(vertexOf(end, "named", "y.0").attempt, undefined)
  })

  test("while suspended nothing new starts and what runs finishes; resumed it goes on", async () => {
    const run = await engine.run("pause", { a: gate, b: { run: "true", after: "a" } })
    await run.until("a runs", (now) => stepView(now, "a.0").phase === "running")
    await run.wish("suspend")
    await run.until("it says so", (now) => now.view.phase === "suspended")
    await run.open("a.0")
    const paused = await run.until("a has succeeded", (now) => {
      return now.status.vertices["pause.a.0"]?.phase === "Succeeded" && now
    })
    assert.equal(paused.status.message, "suspended by anna; nothing new starts until it is resumed")
    assert.equal(
      stepView(paused, "b.0").reason?.sentence,
      "suspended; nothing new starts until you resume it",
    )
    assert.equal((await run.jobs()).length, 1)
    await run.wish("resume")
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded")
  })

  test("stop deletes the Jobs that run and ends the run as stopped by a person", async () => {
    const run = await engine.run("halt", {
      a: "true",
      b: { run: [gate, gate], after: "a" },
      c: { run: "true", after: "b" },
    })
    await run.until("both steps run", (now) => {
      return taskView(now, "b").steps?.every(({ phase }) => phase === "running")
    })
    await run.wish("stop")
    const end = await run.ended()
    assert.equal(end.status.phase, "Failed")
    assert.equal(end.status.message, "stopped by anna")
    assert.equal(end.view.phase, "stopped")
    assert.deepEqual(phases(end, "halt"), {
      "a.0": "Succeeded",
      "b.0": "Stopped",
      "b.1": "Stopped",
    })
    assert.equal(vertexOf(end, "halt", "b.0").message, "stopped by anna")
    await until("only the Job that had ended is left", async () => (await run.jobs()).length === 1)
    assert.deepEqual(await podsOf("halt.b.0"), [])
  })

  test("a stopped run can be taken up again by retry", async () => {
    const run = await engine.run("halted", { a: gate, b: { run: "true", after: "a" } })
    await run.until("a runs", (now) => stepView(now, "a.0").phase === "running")
    await run.wish("stop")
    await run.ended()
    await run.wish("retry")
    await run.until("a second attempt runs", (now) => {
      return now.status.vertices["halted.a.0"]?.attempt === 2
    })
    await run.open("a.0")
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
  })

  test("deleting an Execution leaves no Job and no pod", async () => {
    const run = await engine.run("goes", {
      a: "true",
      b: { run: [gate, gate], after: "a" },
    })
    await run.until("b runs", (now) => {
      return taskView(now, "b").steps?.every(({ phase }) => phase === "running")
    })
    await run.remove()
    await until("nothing is left", async () => {
      const selector = "execution.kubegene.io/execution=goes"
      const kinds = "executions.execution.kubegene.io/goes"
      const left = await bed.kubectl("get", "jobs,pods", "-l", selector, "-n", engine.namespace)
      const own = await bed.kubectl("get", kinds, "-n", engine.namespace)
      return left.stdout.trim() === "" && own.code !== 0
    })
    assert.equal(run.look(), undefined)
  })

  test("parallelism is a hard cap, for the run and for a task", async () => {
    const jobs = watchJobs(bed, engine.namespace, "narrow")
    const run = await engine.run(
      "narrow",
      {
        one: { run: ["true", "true", "true"], parallelism: 1 },
        many: ["true", "true", "true", "true"],
      },
      { spec: { parallelism: 3 } },
    )
    const seen = await run.until("a step waits for a place", (now) => {
      return stepView(now, "one.2").reason?.kind === "parallelism" && now
    })
    assert.match(
      stepView(seen, "one.2").reason?.sentence ?? "",
      /^waits for a free place: parallelism (3|of "one" 1) is used up$/,
    )
    assert.equal((await run.ended()).status.phase, "Succeeded")
    const story = await jobs.close()
    let most = 0
    let mostOfOne = 0
    const open = new Set<string>()
    for (const { name, isEnded } of story) {
      if (isEnded) open.delete(name)
      else open.add(name)
      most = Math.max(most, open.size)
      mostOfOne = Math.max(mostOfOne, [...open].filter((job) => job.includes(".one.")).length)
    }
    assert.ok(most <= 3 && most > 1, `${most} Jobs at once`)
    assert.equal(mostOfOne, 1)
  })

  test("parallelism 0 starts nothing and says so", async () => {
    const run = await engine.run("zero", { a: "true" }, { spec: { parallelism: 0 } })
    const seen = await run.until("it says why", (now) => now.status.phase === "Running" && now)
    assert.equal(seen.status.message, "execution is running; parallelism is 0, so nothing starts")
    assert.equal(stepView(seen, "a.0").reason?.sentence, "parallelism is 0, so nothing starts")
    await run.wish("stop")
    const end = await run.ended()
    assert.equal(end.status.message, "stopped by anna")
    assert.deepEqual(await run.jobs(), [])
  })

  test("what follows starts before the Job is complete, unless the run says start: complete", async () => {
    const chain = {
      a: "true",
      b: { run: "true", after: "a" },
      c: { run: "true", after: "b" },
      d: { run: "true", after: "c" },
    }
    const early = watchJobs(bed, engine.namespace, "early")
    const late = watchJobs(bed, engine.namespace, "late")
    const annotations = { "execution.kubegene.io/start": "complete" }
    const [one, other] = await Promise.all([
      engine.run("early", chain).then((run) => run.ended()),
      engine.run("late", chain, { annotations }).then((run) => run.ended()),
    ])
    assert.equal(one.status.phase, "Succeeded")
    assert.equal(other.status.phase, "Succeeded")
    // Each Job in the order in which the API server created it and saw it end.
    const story = (events: Awaited<ReturnType<typeof early.close>>) =>
      events.map(({ name, isEnded }) => `${name.split(".")[1]}${isEnded ? " ended" : ""}`)
    assert.deepEqual(story(await late.close()), [
      "a",
      "a ended",
      "b",
      "b ended",
      "c",
      "c ended",
      "d",
      "d ended",
    ])
    // A busy machine may be late with one, not with all three.
    const events = story(await early.close())
    const wasEarly = (["a b", "b c", "c d"] as const).filter((pair) => {
      const [before = "", next = ""] = pair.split(" ")
      return events.indexOf(next) < events.indexOf(`${before} ended`)
    })
    assert.ok(wasEarly.length > 0, events.join(", "))
    assert.equal(vertexOf(other, "late", "a.0").releasedAt, undefined)
  })

  test("a Job deleted by hand is a failed step, and only a retry creates another", async () => {
    const run = await engine.run("robbed", { a: gate, b: { run: "true", after: "a" } })
    await run.until("a runs and status knows it", (now) => {
      return stepView(now, "a.0").phase === "running" && now.status.vertices["robbed.a.0"]
    })
    const removed = await bed.kubectl("delete", "job", "robbed.a.0", "-n", engine.namespace)
    assert.equal(removed.code, 0, removed.stderr)
    const end = await run.ended()
    assert.equal(end.status.phase, "Failed")
    assert.equal(end.status.message, '"a" failed: its Job was deleted')
    assert.deepEqual(await run.jobs(), [])
    await run.wish("retry")
    await run.until("the second attempt runs", (now) => {
      return now.status.vertices["robbed.a.0"]?.name === "robbed.a.0.r2"
    })
    await run.open("a.0")
    assert.equal((await run.ended()).status.phase, "Succeeded")
  })

  test("a Job of somebody else under a step's name is left alone, and the step says so", async () => {
    await bed.api.create(`/apis/batch/v1/namespaces/${engine.namespace}/jobs`, {
      metadata: { name: "taken.a.0" },
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "x", image: "busybox", command: ["true"] }],
          },
        },
      },
    })
    const run = await engine.run("taken", { a: "true" })
    const end = await run.ended()
    assert.equal(end.status.phase, "Failed")
    assert.equal(
      end.status.message,
      '"a" failed: the name "taken.a.0" is taken by a Job that is not of this run',
    )
    const job = await engine.get(`/apis/batch/v1/namespaces/${engine.namespace}/jobs/taken.a.0`)
    assert.equal(job.metadata.name, "taken.a.0")
  })

  test("Kubernetes Events on the Execution tell of its start, its steps and its end", async () => {
    const run = await engine.run("told", {
      skip: { run: "true", condition: { condition: [false] } },
      bad: "exit 9",
    })
    await run.ended()
    const query = new URLSearchParams({
      fieldSelector: "involvedObject.kind=Execution,involvedObject.name=told",
    })
    const events = await until("its end was told", async () => {
      const { items } = await engine.get<{
        items: { type: string; reason: string; message: string }[]
      }>(`/api/v1/namespaces/${engine.namespace}/events?${query}`)
      return items.some(({ reason }) => reason === "Failed") && items
    })
    const said = events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`)
    assert.deepEqual(said.sort(), [
      "Normal Skipped: told.skip.0: skipped: its condition is false",
      "Normal Started: execution has started",
      'Warning Failed: "bad" failed: command ended with exit code 9',
      "Warning StepFailed: told.bad.0: command ended with exit code 9",
    ])
  })
})

async function podsOf(job: string): Promise<readonly ApiObject[]> {
  const query = new URLSearchParams({ labelSelector: `job-name=${job}` })
  const path = `/api/v1/namespaces/${engine.namespace}/pods?${query}`
  return (await engine.get<{ items: readonly ApiObject[] }>(path)).items
}

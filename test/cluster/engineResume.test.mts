import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { type Cluster, useCluster } from "./cluster.mts"
import { type Engine, executionsPath, phases, startEngine, taskView, vertexOf } from "./engine.mts"
import { gate, type Tasks } from "./engineTasks.mts"
import { until } from "./until.mts"

let bed: Cluster
let engine: Engine

before(async () => {
  bed = await useCluster()
  engine = await startEngine(bed, "engine-resume")
})

after(async () => {
  await engine?.close()
  bed?.close()
})

const resumeFrom = (name: string, ...rerun: readonly string[]) => ({
  spec: { resumeFrom: { name, ...(rerun.length > 0 ? { rerun } : {}) } },
})

suite("running again from an earlier run", { concurrency: true }, () => {
  test("what succeeded there is reused and what was mended runs, each with its reason", async () => {
    const tasks = (fixed: boolean): Tasks => ({
      list: "echo s1 s2",
      map: {
        after: "list",
        commandsIter: { command: "echo ${1}", varsIter: [["get_result", "list", " "]] },
        // More memory does not change what a step makes.
        resources: { memory: fixed ? "64Mi" : "32Mi" },
      },
      check: { run: fixed ? "true" : "exit 2", after: "map" },
      report: { run: "echo end", after: ["check", "map"] },
    })
    const old = await engine.run("first", tasks(false))
    assert.equal((await old.ended()).status.phase, "Failed")
    const run = await engine.run("second", tasks(true), resumeFrom("first"))
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.deepEqual(phases(end, "second"), {
      "check.0": "Succeeded",
      "list.0": "Reused",
      "map.0": "Reused",
      "map.1": "Reused",
      "report.0": "Succeeded",
    })
    const list = vertexOf(end, "second", "list.0")
    assert.equal(list.message, "reused from first: same image, command, inputs")
    assert.equal(list.result, "s1 s2")
    assert.match(list.stepHash ?? "", /^v1-/)
    assert.equal(end.status.resumed?.from, "first")
    assert.deepEqual(end.status.resumed?.runsAgain, {
      check: 'it did not succeed in "first"',
      report: 'it follows "check", which runs again',
    })
    assert.equal(taskView(end, "check").runsAgain, 'it did not succeed in "first"')
    assert.equal(end.view.resumedFrom, "first")
    assert.equal((await run.jobs()).length, 2)
  })

  test("a changed image or command, and what was asked for, run again with all that follows", async () => {
    const old = await engine.run("base", {
      a: "true",
      image: { run: "true", after: "a" },
      command: { run: "echo old", after: "a" },
      asked: { run: "true", after: "a" },
      follows: { run: "true", after: "command" },
      kept: { run: "true", after: "a" },
    })
    await old.ended()
    const run = await engine.run(
      "changed",
      {
        a: "true",
        image: { run: "true", after: "a", image: "alpine" },
        command: { run: "echo new", after: "a" },
        asked: { run: "true", after: "a" },
        follows: { run: "true", after: "command" },
        kept: { run: "true", after: "a" },
        added: { run: "true", after: "kept" },
      },
      resumeFrom("base", "asked"),
    )
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.deepEqual(end.status.resumed?.runsAgain, {
      added: 'it did not run in "base"',
      asked: "it was asked to run again",
      command: "the command changed",
      follows: 'it follows "command", which runs again',
      image: "the image changed",
    })
    assert.equal(vertexOf(end, "changed", "a.0").phase, "Reused")
    assert.equal(vertexOf(end, "changed", "kept.0").phase, "Reused")
    // Reused once more, from a run that had reused it itself.
    const third = await engine.run("third", { a: "true" }, resumeFrom("changed"))
    const last = await third.ended()
    assert.deepEqual(phases(last, "third"), { "a.0": "Reused" })
    assert.equal(last.status.phase, "Succeeded")
    assert.deepEqual(await third.jobs(), [])
  })

  test("the earlier run may be deleted once the new one has begun", async () => {
    const tasks = { a: "echo kept", wait: gate, b: { run: "true", after: ["a", "wait"] } }
    const old = await engine.run("leaves", { a: "echo kept" })
    await old.ended()
    const run = await engine.run("stays", tasks, resumeFrom("leaves"))
    await run.until("it has taken over", (now) => now.status.resumed)
    await old.remove()
    await until("the earlier run is gone", async () => {
      const name = "executions.execution.kubegene.io/leaves"
      return (await bed.kubectl("get", name, "-n", engine.namespace)).code !== 0
    })
    await run.open("wait.0")
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.equal(vertexOf(end, "stays", "a.0").phase, "Reused")
  })

  test("a run that is not there cannot be resumed from, and the new one says so", async () => {
    const run = await engine.run("orphan", { a: "true" }, resumeFrom("nobody"))
    const end = await run.ended()
    assert.equal(end.status.phase, "Error")
    assert.equal(
      end.status.message,
      `"nobody", which this run resumes from, cannot be read: There is no run "nobody" in "${engine.namespace}" to take up.`,
    )
    assert.deepEqual(await run.jobs(), [])
  })

  test("until runs the named tasks and what they depend on, and nothing else", async () => {
    const run = await engine.run(
      "part",
      {
        a: "true",
        b: { run: "true", after: "a" },
        c: { run: "true", after: "b" },
        other: "true",
      },
      { spec: { until: ["b"] } },
    )
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded")
    assert.equal(end.status.progress, "2/2")
    assert.deepEqual(phases(end, "part"), { "a.0": "Succeeded", "b.0": "Succeeded" })
    assert.equal(taskView(end, "other").isWanted, false)
    assert.equal((await run.jobs()).length, 2)
  })

  test("the spec of a run cannot be changed, so a fix is always a new run", async () => {
    await engine.run("fixed", { a: "true" })
    const path = executionsPath(engine.namespace, "fixed")
    const change = { spec: { tasks: [{ name: "a", image: "alpine", commandSet: ["true"] }] } }
    await assert.rejects(bed.api.patch(path, change), /immutable|cannot be changed|may not change/i)
  })
})

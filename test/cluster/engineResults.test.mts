import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { type Cluster, useCluster } from "./cluster.mts"
import { type Engine, phases, startEngine, taskView, vertexOf } from "./engine.mts"

let bed: Cluster
let engine: Engine

before(async () => {
  bed = await useCluster()
  engine = await startEngine(bed, "engine-results")
})

after(async () => {
  await engine?.close()
  bed?.close()
})

suite("what steps print decides what follows", { concurrency: true }, () => {
  test("commandsIter makes a step of each combination, the first row slowest", async () => {
    const run = await engine.run("product", {
      map: {
        commandsIter: {
          command: 'echo "${1}${2} ${item} ${3}"',
          varsIter: [
            ["s1", "s2"],
            [1, 2],
          ],
        },
      },
      last: { run: "echo end", after: "map" },
    })
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded")
    const logs = await Promise.all([0, 1, 2, 3].map((index) => run.log(`map.${index}`)))
    // What is no variable of ours is the shell's.
    assert.deepEqual(logs, ["s11 0 \n", "s12 1 \n", "s21 2 \n", "s22 3 \n"])
  })

  test("get_result makes a step of each piece that its parent printed", async () => {
    const run = await engine.run("scatter", {
      list: "echo s1 s2 s3",
      map: {
        after: "list",
        commandsIter: { command: "echo got-${1}", varsIter: [["get_result", "list", " "]] },
      },
      // A function on a dynamic parent, which upstream never could.
      one: {
        after: "list",
        commandsIter: { command: "echo ${1}", varsIter: [["get_result", "list", ""]] },
      },
      chained: {
        after: "one",
        commandsIter: { command: "echo again-${1}", varsIter: [["get_result", "one", " "]] },
      },
      merge: { run: "echo merged", after: ["map", "chained"] },
    })
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.equal(vertexOf(end, "scatter", "list.0").result, "s1 s2 s3")
    assert.deepEqual(Object.keys(phases(end, "scatter")), [
      "chained.0",
      "chained.1",
      "chained.2",
      "list.0",
      "map.0",
      "map.1",
      "map.2",
      "merge.0",
      "one.0",
    ])
    assert.equal(await run.log("map.2"), "got-s3\n")
    assert.equal(await run.log("one.0"), "s1 s2 s3\n")
    assert.equal(await run.log("chained.1"), "again-s2\n")
  })

  test("a task whose condition does not hold is skipped, and all that depends on it, a join too", async () => {
    const run = await engine.run("conditions", {
      qc: "echo q30:91,lane:3",
      same: {
        run: "echo same",
        after: "qc",
        condition: { condition: ["check_result", "qc", "q30:91,lane:3"] },
      },
      other: {
        run: "echo other",
        after: "qc",
        condition: { condition: ["check_result", "qc", "LOW"] },
      },
      above: {
        run: "echo above",
        after: "qc",
        genericCondition: {
          dependJobName: "qc",
          matchRules: [{ key: "q30", operator: "Gt", values: ["80"] }],
        },
      },
      below: {
        run: "echo below",
        after: "qc",
        genericCondition: {
          dependJobName: "qc",
          matchRules: [{ key: "q30", operator: "Lt", values: ["80"] }],
        },
      },
      yes: { run: "echo yes", condition: { condition: [true] } },
      no: { run: "echo no", condition: { condition: [false] } },
      nothing: {
        after: "no",
        run: "echo nothing",
      },
      join: { run: "echo join", after: ["same", "other"] },
      "after-join": { run: "echo after", after: "join" },
      good: { run: "echo good", after: ["same", "above", "yes"] },
    })
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.deepEqual(phases(end, "conditions"), {
      "above.0": "Succeeded",
      "after-join.0": "Skipped",
      "below.0": "Skipped",
      "good.0": "Succeeded",
      "join.0": "Skipped",
      "no.0": "Skipped",
      "nothing.0": "Skipped",
      "other.0": "Skipped",
      "qc.0": "Succeeded",
      "same.0": "Succeeded",
      "yes.0": "Succeeded",
    })
    const message = (step: string) => vertexOf(end, "conditions", step).message
    assert.equal(message("other.0"), 'skipped: "qc" answered "q30:91,lane:3", wanted "LOW"')
    assert.equal(message("below.0"), 'skipped: "qc" answered "q30:91,lane:3", wanted q30 Lt 80')
    assert.equal(message("no.0"), "skipped: its condition is false")
    assert.equal(message("join.0"), 'skipped, because "other" was skipped')
    assert.equal(message("after-join.0"), 'skipped, because "join" was skipped')
    // Only what ran has a Job.
    assert.equal((await run.jobs()).length, 5)
  })

  test("a get_result of nothing skips its task, and the run ends", async () => {
    const run = await engine.run("empty", {
      list: "true",
      map: {
        after: "list",
        commandsIter: { command: "echo ${1}", varsIter: [["get_result", "list", " "]] },
      },
      merge: { run: "echo merged", after: "map" },
    })
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.equal(vertexOf(end, "empty", "list.0").result, "")
    assert.equal(taskView(end, "map").phase, "skipped")
    assert.equal(
      taskView(end, "map").reason?.sentence,
      'skipped: "list" printed nothing to make steps of',
    )
    assert.equal(vertexOf(end, "empty", "merge.0").message, 'skipped, because "map" was skipped')
  })

  test("a result of 1 KiB is taken, and a longer one is a failure that says so", async () => {
    const tasks = (bytes: number) => ({
      print: `head -c ${bytes} /dev/zero | tr '\\0' x; echo`,
      use: {
        run: "echo used",
        after: "print",
        genericCondition: {
          dependJobName: "print",
          matchRules: [{ key: "y", operator: "DoesNotExist" }],
        },
      },
    })
    const [fits, long] = await Promise.all([
      engine.run("fits", tasks(1024)).then((run) => run.ended()),
      engine.run("too-long", tasks(1025)).then((run) => run.ended()),
    ])
    assert.equal(fits.status.phase, "Succeeded", fits.status.message)
    assert.equal(vertexOf(fits, "fits", "print.0").result?.length, 1024)
    assert.equal(long.status.phase, "Failed")
    assert.equal(
      long.status.message,
      '"print" failed: it printed more than the 1 KiB that a result may have',
    )
    assert.deepEqual(phases(long, "too-long"), { "print.0": "Failed" })
  })

  test("variables that touch each other are all replaced", async () => {
    const run = await engine.run("touching", {
      a: { commandsIter: { command: "echo ${1}${2}${item}", varsIter: [["x"], ["y"]] } },
    })
    await run.ended()
    assert.equal(await run.log("a.0"), "xy0\n")
  })
})

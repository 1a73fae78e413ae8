import assert from "node:assert/strict"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { parse } from "yaml"
import { root } from "../support/folders.mts"
import { type Cluster, useCluster } from "./cluster.mts"
import { type Engine, phases, startEngine, stepView, taskView, vertexOf } from "./engine.mts"
import { gate } from "./engineTasks.mts"

let bed: Cluster
let engine: Engine

before(async () => {
  bed = await useCluster()
  engine = await startEngine(bed, "engine-rows")
})

after(async () => {
  await engine?.close()
  bed?.close()
})

suite("an Execution on a real kubelet", { concurrency: true }, () => {
  test("the published example ends as its page shows", async () => {
    const file = path.join(root, "test/fixtures/execution/published.yaml")
    const apply = await bed.kubectl("create", "-n", engine.namespace, "-f", file)
    assert.equal(apply.code, 0, apply.stderr)
    const run = engine.follow("test-exec")
    await run.until("the engine has seen it", () => true)
    await run.ended()
    const args = ["get", "executions", "test-exec", "-n", engine.namespace, "-o", "yaml"]
    const { status } = parse((await bed.kubectl(...args)).stdout)
    assert.equal(status.phase, "Succeeded")
    assert.equal(status.message, "execution has run successfully")
    assert.ok(Date.parse(status.startedAt) <= Date.parse(status.finishedAt))
    const shown = { a: ["b", "c"], b: ["d"], c: undefined, d: undefined }
    assert.deepEqual(Object.keys(status.vertices).sort(), [
      "test-exec.a.0",
      "test-exec.b.0",
      "test-exec.c.0",
      "test-exec.d.0",
    ])
    for (const [task, children] of Object.entries(shown)) {
      const id = `test-exec.${task}.0`
      const { stepHash, releasedAt, startedAt, finishedAt, ...vertex } = status.vertices[id]
      assert.deepEqual(vertex, {
        id,
        name: id,
        type: "Job",
        phase: "Succeeded",
        message: "success",
        ...(children ? { children: children.map((child) => `test-exec.${child}.0`) } : {}),
      })
      assert.ok(Date.parse(startedAt) <= Date.parse(finishedAt))
      assert.match(stepHash, /^v1-/)
      assert.ok(
        Date.parse(releasedAt) <= Date.parse(finishedAt),
        `${id}: ${releasedAt} ${finishedAt}`,
      )
      assert.equal(await run.log(`${task}.0`), `${task.toUpperCase()}\n`)
    }
    const columns = ["PHASE:.status.phase", "PROGRESS:.status.progress"].join()
    const wide = await bed.kubectl(...args.slice(0, -1), `custom-columns=${columns}`)
    assert.match(wide.stdout, /Succeeded\s+4\/4/)
    assert.match((await bed.kubectl(...args.slice(0, -2))).stdout, /Succeeded\s+4\/4\s+execution/)
  })

  test("iterate waits for the step of the same number, whole for every step", async () => {
    const run = await engine.run("edges", {
      a: ["true", gate],
      b: { run: ["echo b0", "echo b1"], after: "=a" },
      c: { run: "echo c", after: "b" },
    })
    const seen = await run.until("b.0 is done", (now) => {
      return now.status.vertices["edges.b.0"]?.phase === "Succeeded" && now
    })
    assert.deepEqual(phases(seen, "edges"), {
      "a.0": "Succeeded",
      "a.1": "Running",
      "b.0": "Succeeded",
    })
    assert.equal(stepView(seen, "b.1").reason?.sentence, 'waits for "a" step 1')
    assert.equal(stepView(seen, "c.0").reason?.sentence, 'waits for "b": 1 of 2 steps left')
    assert.deepEqual(vertexOf(seen, "edges", "a.0").children, ["edges.b.0"])
    await run.open("a.1")
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded")
    assert.equal(end.status.progress, "5/5")
  })

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

  test("resources, tries, deadline, placement and volumes are what the Job is made with", async () => {
    const run = await engine.run(
      "fields",
      {
        work: {
          run: "echo done",
          resources: { cpu: "50m", memory: "64Mi" },
          backoffLimit: 2,
          activeDeadlineSeconds: 600,
          tolerations: [{ key: "own", operator: "Exists" }],
        },
      },
      {
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [{ key: "spec", operator: "Exists" }],
        },
      },
    )
    await run.ended()
    const { spec, metadata } = await run.job("work.0")
    assert.equal(spec.backoffLimit, 2)
    assert.equal(spec.activeDeadlineSeconds, 600)
    assert.equal(spec.suspend, false)
    assert.equal(spec.ttlSecondsAfterFinished, undefined)
    const pod = spec.template.spec
    assert.equal(pod.restartPolicy, "Never")
    assert.deepEqual(pod.nodeSelector, { "kubernetes.io/os": "linux" })
    assert.deepEqual(pod.tolerations, [{ key: "own", operator: "Exists" }])
    const [container] = pod.containers
    assert.ok(container)
    assert.deepEqual(container.resources, {
      limits: { memory: "64Mi" },
      requests: { cpu: "50m", memory: "64Mi" },
    })
    assert.deepEqual(container.command, ["sh", "-c", "echo done"])
    assert.equal(container.name, "fields-work-0")
    assert.equal(metadata.name, "fields.work.0")
  })

  test("Job and pod carry the labels of their step, and the Job belongs to the Execution", async () => {
    const run = await engine.run("marks", { a: "true", b: { run: ["true", "true"], after: "a" } })
    const end = await run.ended()
    const path = `/apis/execution.kubegene.io/v1alpha1/namespaces/${engine.namespace}/executions/marks`
    const { metadata: owner } = await engine.get(path)
    const job = await run.job("b.1")
    const own = {
      "execution.kubegene.io/execution": "marks",
      "execution.kubegene.io/task": "b",
      "execution.kubegene.io/index": "1",
      "execution.kubegene.io/attempt": "1",
      "execution.kubegene.io/step-hash": vertexOf(end, "marks", "b.1").stepHash,
    }
    assert.deepEqual(job.metadata.labels, { ...own, "controller-uid": owner.uid })
    assert.deepEqual(job.metadata.ownerReferences, [
      {
        apiVersion: "execution.kubegene.io/v1alpha1",
        kind: "Execution",
        name: "marks",
        uid: owner.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ])
    assert.match(job.metadata.annotations?.["execution.kubegene.io/template-hash"] ?? "", /./)
    const query = "labelSelector=job-name%3Dmarks.b.1"
    const { items } = await engine.get<{ items: { metadata: typeof job.metadata }[] }>(
      `/api/v1/namespaces/${engine.namespace}/pods?${query}`,
    )
    assert.equal(items.length, 1)
    const labels = items[0]?.metadata.labels ?? {}
    for (const [key, value] of Object.entries(own)) assert.equal(labels[key], value, key)
    // Kubernetes' own: the Job's uid, not the Execution's.
    assert.equal(labels["controller-uid"], job.metadata.uid)
  })

  test("the Job starts from the jobTemplate, and image, command and what the run decides override it", async () => {
    const run = await engine.run("template", {
      own: {
        run: 'echo "$GREETING $(cat /shared/word)"',
        jobTemplate: {
          metadata: { labels: { team: "gene" }, name: "ignored" },
          spec: {
            suspend: true,
            ttlSecondsAfterFinished: 0,
            template: {
              metadata: { annotations: { note: "kept" } },
              spec: {
                volumes: [{ name: "shared", emptyDir: {} }],
                initContainers: [
                  {
                    name: "first",
                    image: "busybox",
                    command: ["sh", "-c", "echo world > /shared/word"],
                    volumeMounts: [{ name: "shared", mountPath: "/shared" }],
                  },
                ],
                containers: [
                  {
                    name: "main",
                    image: "replaced",
                    command: ["replaced"],
                    args: ["dropped"],
                    env: [{ name: "GREETING", value: "hello" }],
                    volumeMounts: [{ name: "shared", mountPath: "/shared" }],
                  },
                ],
              },
            },
          },
        },
      },
      // No image, no command: the template's own.
      whole: {
        image: undefined,
        after: "own",
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: "OnFailure",
                containers: [{ name: "only", image: "busybox", command: ["echo", "by itself"] }],
              },
            },
          },
        },
      },
    })
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.equal(await run.log("own.0"), "hello world\n")
    assert.equal(await run.log("whole.0"), "by itself\n")
    const own = await run.job("own.0")
    assert.equal(own.metadata.name, "template.own.0")
    assert.equal(own.metadata.labels.team, "gene")
    assert.equal(own.spec.suspend, false)
    assert.equal(own.spec.ttlSecondsAfterFinished, undefined)
    assert.equal(own.spec.template.metadata.annotations?.note, "kept")
    assert.ok(own.spec.podFailurePolicy)
    const whole = await run.job("whole.0")
    assert.equal(whole.spec.template.spec.restartPolicy, "OnFailure")
    assert.equal(whole.spec.podFailurePolicy, undefined)
    // A pod that may be restarted does not release what follows before its Job is complete.
    assert.equal(vertexOf(end, "template", "own.0").releasedAt !== undefined, true)
  })

  test("variables that touch each other are all replaced", async () => {
    const run = await engine.run("touching", {
      a: { commandsIter: { command: "echo ${1}${2}${item}", varsIter: [["x"], ["y"]] } },
    })
    await run.ended()
    assert.equal(await run.log("a.0"), "xy0\n")
  })

  test("commands, as the documentation calls commandSet, run", async () => {
    const run = await engine.run("documented", {
      a: { commands: ["echo A"], dependents: null },
      b: { commands: ["echo B"], dependents: [{ target: "a" }] },
    })
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    // A missing type of a dependency is "whole".
    assert.deepEqual(vertexOf(end, "documented", "a.0").children, ["documented.b.0"])
  })
})

suite("an Execution that cannot run ends at once, says why, and has no Job:", {
  concurrency: true,
}, () => {
  const cannot: readonly [name: string, says: RegExp, spec: object][] = [
    ["cycle", /tasks wait for each other: .*a.*b/, { tasks: [task("a", "b"), task("b", "a")] }],
    ["twice", /"a"/, { tasks: [task("a"), task("a")] }],
    [
      "unequal",
      /"b" iterates over "a" but has 1 step, not 2 steps/,
      {
        tasks: [
          { ...task("a"), commandSet: ["1", "2"] },
          { ...task("b"), dependents: [{ target: "a", type: "iterate" }] },
        ],
      },
    ],
    ["long", /63/, { tasks: [task("a".repeat(63))] }],
    [
      "dynamic-iterate",
      /"c" cannot iterate over "b"/,
      {
        tasks: [
          task("a"),
          {
            ...task("b", "a"),
            commandSet: undefined,
            commandsIter: { command: "x", varsIter: [["get_result", "a", ""]] },
          },
          { ...task("c"), dependents: [{ target: "b", type: "iterate" }] },
        ],
      },
    ],
    ["nobody", /"b".*"a".*does not exist/, { tasks: [task("b", "a")] }],
  ]
  for (const [name, says, spec] of cannot) {
    test(name, async () => {
      await bed.api.create(
        `/apis/execution.kubegene.io/v1alpha1/namespaces/${engine.namespace}/executions`,
        {
          apiVersion: "execution.kubegene.io/v1alpha1",
          kind: "Execution",
          metadata: { name },
          spec,
        },
      )
      const run = engine.follow(name)
      const status = await run.until(
        "it has ended",
        ({ status }) => status.phase === "Error" && status,
      )
      assert.match(status.message, says)
      assert.ok(status.finishedAt)
      assert.deepEqual(await run.jobs(), [])
    })
  }
})

function task(name: string, parent?: string): object {
  const dependents = parent === undefined ? [] : [{ target: parent, type: "whole" }]
  return { name, type: "Job", image: "busybox", commandSet: ["true"], dependents }
}

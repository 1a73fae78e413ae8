import assert from "node:assert/strict"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { parse } from "yaml"
import { parse as readSpec } from "../../core/spec/parse.ts"
import { toExecution } from "../../core/spec/toExecution.ts"
import { root } from "../support/folders.mts"
import { type Cluster, useCluster } from "./cluster.mts"
import { type Engine, executionsPath, phases, startEngine, stepView, vertexOf } from "./engine.mts"
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

  test("a function spec, a colonies workflow and a genectl workflow run as they are written", async () => {
    const texts = {
      function: `{"nodename": "hello", "funcname": "execute",
        "kwargs": {"cmd": "echo", "args": ["hello"], "docker-image": "busybox"},
        "conditions": {"executortype": "container-executor", "nodes": 1, "processespernode": 1, "cpu": "50m", "mem": "32Mi", "walltime": 600},
        "maxexectime": 100, "maxretries": 0}`,
      colonies: `[
        {"nodename": "one", "funcname": "execute", "kwargs": {"cmd": "echo 1", "docker-image": "busybox"}, "conditions": {"executortype": "container-executor", "walltime": 600}},
        {"nodename": "two", "funcname": "execute", "kwargs": {"cmd": "echo 2", "docker-image": "busybox"}, "conditions": {"executortype": "container-executor", "walltime": 600, "dependencies": ["one"]}}]`,
      gcs: `
version: genecontainer_0_1
workflow:
  list: { tool: "n:1", commands: ["echo a b"] }
  map:
    tool: n:1
    commands_iter: { command: "echo got \${1}", vars_iter: ['get_result(list, " ")'] }
    depends: [{ target: list, type: whole }]
`,
    }
    const tools = new Map([["n:1", "busybox"]])
    const ends = await Promise.all(
      Object.entries(texts).map(async ([name, text]) => {
        const path = `${name}.${name === "gcs" ? "yaml" : "json"}`
        const [document] = readSpec(text, path)
        assert.ok(document, `${name} has no workflow`)
        const made = toExecution(document, path, { tools })
        assert.equal(made.kind, "execution", JSON.stringify(made))
        const { spec } = made.object as { spec: object }
        await bed.api.create(executionsPath(engine.namespace), {
          apiVersion: "execution.kubegene.io/v1alpha1",
          kind: "Execution",
          metadata: { name },
          spec,
        })
        return engine.follow(name).ended()
      }),
    )
    for (const { status } of ends) assert.equal(status.phase, "Succeeded", status.message)
    assert.equal(await engine.follow("function").log("hello.0"), "hello\n")
    assert.equal(await engine.follow("colonies").log("two.0"), "2\n")
    assert.equal(await engine.follow("gcs").log("map.1"), "got b\n")
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

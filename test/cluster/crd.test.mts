import assert from "node:assert/strict"
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { fileURLToPath } from "node:url"
import { type Cluster, type Namespace, type Output, useCluster } from "./cluster.mts"
import { deployFolder, installExecutions } from "./installExecutions.mts"
import { until } from "./until.mts"

interface Execution {
  readonly spec: object
  readonly status?: Readonly<Record<string, unknown>>
}

let cluster: Cluster
let namespace: Namespace
const folder = mkdtempSync(path.join(tmpdir(), "crd-"))

before(async () => {
  cluster = await useCluster("wholeCluster")
  await installExecutions(cluster)
  namespace = await cluster.namespace("crd")
})

after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await namespace?.remove()
  cluster?.close()
})

const kubectl = (...words: string[]) => cluster.kubectl("-n", namespace.name, ...words)

/** Every kind of value that the schema leaves open, and every null that upstream writes. */
const spec = {
  tasks: [
    {
      name: "list",
      type: "Job",
      image: "busybox",
      commandSet: ["echo s1"],
      dependents: null,
      resources: { cpu: 2, memory: "8Gi" },
      tolerations: [{ key: "gpu", operator: "Exists" }],
      affinity: { nodeAffinity: { anything: [{ a: 1 }] } },
      jobTemplate: {
        spec: {
          template: { spec: { containers: [{ name: "main", env: [{ name: "A", value: "1" }] }] } },
        },
      },
    },
    {
      name: "map",
      image: "busybox",
      commandsIter: {
        command: "echo ${1} ${2}",
        varsIter: [
          [1, "two", true, null, { k: "v" }, [1]],
          ["get_result", "list", " "],
        ],
      },
      condition: { condition: ["check_result", "list", "s1"] },
      dependents: [{ target: "list" }],
    },
  ],
}

/** Creates an Execution with the spec; its name is that of the test's own choice. */
function create(name: string, written: object, ...flags: string[]): Promise<Output> {
  const file = path.join(folder, `${name}.json`)
  const object = { apiVersion: "execution.kubegene.io/v1alpha1", kind: "Execution" }
  writeFileSync(file, JSON.stringify({ ...object, metadata: { name }, spec: written }))
  return kubectl("create", "-f", file, ...flags)
}

async function read(name: string): Promise<Execution> {
  return JSON.parse((await kubectl("get", "executions", name, "-o", "json")).stdout) as Execution
}

function patch(name: string, operations: object[], ...flags: string[]): Promise<Output> {
  return kubectl(
    "patch",
    "execution",
    name,
    "--type=json",
    "-p",
    JSON.stringify(operations),
    ...flags,
  )
}

suite("the definition of Executions", { concurrency: true }, () => {
  test("is structural, so the API server keeps to every part of it", async () => {
    const { stdout } = await cluster.kubectl(
      "get",
      "crd",
      "executions.execution.kubegene.io",
      "-o",
      "json",
    )
    const { conditions } = (JSON.parse(stdout) as { status: { conditions: { type: string }[] } })
      .status
    assert.deepEqual(conditions.map(({ type }) => type).sort(), ["Established", "NamesAccepted"])
  })

  test("keeps nulls and everything inside the parts that are open", async () => {
    assert.equal((await create("kept", spec)).stderr, "")
    assert.deepEqual((await read("kept")).spec, spec)
  })

  test("takes every valid fixture", async () => {
    const fixture = fileURLToPath(new URL("../fixtures/execution/diamond.yaml", import.meta.url))
    assert.equal((await kubectl("create", "-f", fixture)).stderr, "")
  })

  test("lets nobody change the spec, however deep", async () => {
    await create("fixed", spec)
    const changes = [
      { op: "add", path: "/spec/parallelism", value: 3 },
      { op: "replace", path: "/spec/tasks/0/image", value: "alpine" },
      {
        op: "replace",
        path: "/spec/tasks/0/jobTemplate/spec/template/spec/containers/0/name",
        value: "x",
      },
      { op: "replace", path: "/spec/tasks/1/commandsIter/varsIter/0/0", value: 9 },
      { op: "replace", path: "/spec/tasks/1/commandsIter/varsIter/0/4/k", value: "w" },
      { op: "replace", path: "/spec/tasks/1/condition/condition/2", value: "s2" },
      { op: "add", path: "/spec/tasks/0/affinity/podAffinity", value: {} },
      { op: "remove", path: "/spec/tasks/1" },
    ]
    for (const change of changes) {
      const { code, stderr } = await patch("fixed", [change])
      assert.equal(code, 1, JSON.stringify(change))
      assert.match(stderr, /spec cannot be changed/)
    }
    assert.match(
      (await patch("fixed", [{ op: "remove", path: "/spec" }])).stderr,
      /spec: Required value/,
    )
    assert.deepEqual((await read("fixed")).spec, spec)
  })

  test("lets labels and annotations change", async () => {
    await create("labelled", spec)
    assert.equal((await kubectl("label", "execution", "labelled", "a=b")).code, 0)
  })

  test("has a status of its own, which keeps nulls and what other drivers write", async () => {
    await create("status", spec)
    await patch("status", [{ op: "add", path: "/status", value: { phase: "Failed" } }])
    assert.equal((await read("status")).status, undefined)
    const status = {
      phase: "Running",
      message: "execution is running",
      progress: "0/?",
      startedAt: "2026-11-20T10:00:00Z",
      finishedAt: null,
      vertices: {
        "status.list.0": {
          id: "status.list.0",
          name: "status.list.0",
          type: "Job",
          phase: "Running",
          message: "vertex is running",
          startedAt: null,
          finishedAt: null,
          children: ["status.map."],
          theirs: [1],
        },
      },
      theirs: { a: [1] },
    }
    const change = { op: "add", path: "/status", value: status }
    assert.equal((await patch("status", [change], "--subresource=status")).stderr, "")
    assert.deepEqual((await read("status")).status, status)
    const columns = (await kubectl("get", "exec", "status")).stdout.split("\n")
    assert.match(columns[0] ?? "", /^NAME +PHASE +PROGRESS +MESSAGE +AGE$/)
    assert.match(columns[1] ?? "", /^status +Running +0\/\? +execution is running +\d+s$/)
  })

  test("refuses unknown keys, or drops them with a warning when asked to", async () => {
    const written = { tasks: [{ ...spec.tasks[0], comandSet: ["x"] }] }
    assert.match(
      (await create("strict", written)).stderr,
      /unknown field "spec.tasks\[0\].comandSet"/,
    )
    const { code, stderr } = await create("warned", written, "--validate=warn")
    assert.equal(code, 0)
    assert.match(stderr, /Warning: unknown field "spec.tasks\[0\].comandSet"/)
  })

  test("refuses what can never run", async () => {
    const task = { name: "a", image: "busybox", commandSet: ["true"] }
    const cases: [object, RegExp][] = [
      [{}, /spec.tasks: Required value/],
      [{ tasks: [] }, /spec.tasks in body should have at least 1 items/],
      [{ tasks: [{ ...task, name: "A_b" }] }, /spec.tasks\[0\].name in body should match/],
      [{ tasks: [{ ...task, type: "Spark" }] }, /Unsupported value: "Spark"/],
      [{ tasks: [{ name: "a", commandSet: ["true"] }] }, /spec.tasks\[0\].image: Required value/],
      [{ tasks: [{ name: "a", image: "b" }] }, /spec.tasks\[0\].commandSet: Required value/],
      [{ tasks: [{ ...task, commandSet: [1] }] }, /must be of type string/],
      [{ tasks: [{ ...task, resources: { cpu: "2c" } }] }, /resources.cpu in body should match/],
      [
        { tasks: [{ ...task, dependents: [{ target: "b", type: "hole" }] }] },
        /Unsupported value: "hole"/,
      ],
    ]
    for (const [written, wish] of cases)
      assert.match((await create("refused", written)).stderr, wish)
  })

  test("explains each field", async () => {
    const { stdout } = await cluster.kubectl("explain", "executions.spec.tasks.dependents.type")
    assert.match(stdout, /How the two tasks' steps belong together/)
  })
})

suite("the rights of a driver", () => {
  test("are those its rules name, in its namespace and no other", async () => {
    writeFileSync(
      path.join(folder, "kustomization.yaml"),
      `namespace: ${namespace.name}\nresources: [rbac.yaml]\n`,
    )
    copyFileSync(path.join(deployFolder, "rbac.yaml"), path.join(folder, "rbac.yaml"))
    assert.equal((await cluster.kubectl("apply", "-k", folder)).stderr, "")
    const may = async (where: string, verb: string, what: string, sub?: string) => {
      const subresource = sub === undefined ? [] : [`--subresource=${sub}`]
      const who = `--as=system:serviceaccount:${namespace.name}:kube-executions`
      const { stdout } = await cluster.kubectl(
        "auth",
        "can-i",
        verb,
        what,
        ...subresource,
        "-n",
        where,
        who,
      )
      return stdout.trim() === "yes"
    }
    const here = namespace.name
    // The API server's authorizer hears of new rights a moment later.
    await until("the driver may create Jobs", () => may(here, "create", "jobs.batch"))
    assert.equal(await may(here, "update", "executions.execution.kubegene.io", "status"), true)
    assert.equal(await may(here, "get", "pods", "log"), true)
    assert.equal(await may(here, "update", "executions.execution.kubegene.io"), false)
    assert.equal(await may(here, "update", "jobs.batch"), false)
    assert.equal(await may(here, "create", "pods"), false)
    assert.equal(await may(here, "get", "secrets"), false)
    assert.equal(await may("default", "create", "jobs.batch"), false)
  })
})

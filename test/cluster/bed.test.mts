import assert from "node:assert/strict"
import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { after, before, suite, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { outcomeAnnotation } from "./fake/pod.mts"
import { type FakeKubelet, startFakeKubelet } from "./fakeKubelet.mts"
import { until } from "./until.mts"

interface Job {
  readonly metadata: { readonly name: string; readonly uid: string }
  readonly status: {
    readonly conditions?: readonly { type: string; status: string; reason?: string }[]
    readonly succeeded?: number
  }
}

interface Pod {
  readonly metadata: { readonly name: string }
  readonly status: {
    readonly phase: string
    readonly reason?: string
    readonly conditions?: readonly { type: string; status: string; message?: string }[]
    readonly containerStatuses?: readonly {
      readonly state: {
        readonly terminated?: { readonly exitCode: number; readonly reason: string }
        readonly waiting?: { readonly reason: string }
      }
    }[]
  }
}

let cluster: Cluster
let namespace: Namespace

before(async () => {
  cluster = await useCluster("wholeCluster", "auditLog")
  namespace = await cluster.namespace("bed")
})

after(async () => {
  await namespace?.remove()
  cluster?.close()
})

suite("a real node", { concurrency: true }, () => {
  test("is Ready", async () => {
    const { stdout } = await cluster.kubectl("get", "nodes", "-o", "json")
    const { items } = JSON.parse(stdout) as { items: readonly Pod[] }
    assert.ok(items.some(({ status }) => isTrue(status.conditions, "Ready")))
  })

  test("runs a Job to its end and keeps its log", async () => {
    const job = await createJob("hello", { command: ["sh", "-c", "echo from inside"] })
    await finished(job.metadata.name, "Complete")
    const pod = await podOf("hello")
    const log = await cluster.api.text(
      `/api/v1/namespaces/${namespace.name}/pods/${pod.metadata.name}/log`,
    )
    assert.equal(log, "from inside\n")
  })

  test("reports the exit code of a command that fails", async () => {
    await createJob("fails", { command: ["sh", "-c", "exit 3"] })
    const conditions = await finished("fails", "Failed")
    assert.equal(conditions.find(({ type }) => type === "Failed")?.reason, "BackoffLimitExceeded")
    assert.equal(terminated(await podOf("fails"))?.exitCode, 3)
  })

  test("kills a process that passes its container's memory limit, and says so", async () => {
    // The shell outlives its child: where the first process itself is killed, containerd may see the
    // container's end before the kernel's notice, and then the reason is only "Error".
    const hungry = "sh -c 'x=a; while true; do x=$x$x; done'"
    await createJob("hungry", {
      command: ["sh", "-c", `${hungry}; code=$?; sleep 1; exit $code`],
      resources: { limits: { memory: "32Mi" } },
    })
    await finished("hungry", "Failed")
    const end = terminated(await podOf("hungry"))
    assert.deepEqual([end?.exitCode, end?.reason], [137, "OOMKilled"])
  })

  test("says why a pod that wants too much is not scheduled", async () => {
    await createJob("huge", { resources: { requests: { cpu: "5000" } } })
    const message = await until("the scheduler gives its reason", async () => {
      const pod = await podOf("huge")
      return pod.status.conditions?.find(({ type }) => type === "PodScheduled")?.message
    })
    assert.match(message, /Insufficient cpu/)
  })

  test("says that an image is not there", async () => {
    await createJob("no-image", { image: "no-such-tools:0.7.18" })
    await until("the pull fails", async () => {
      const reason = (await podOf("no-image")).status.containerStatuses?.[0]?.state.waiting?.reason
      return reason === "ErrImagePull" || reason === "ImagePullBackOff"
    })
  })

  test("lets a pod reach the API server as in any cluster", async () => {
    // With no credentials it is refused by the API server itself, so the way there is open.
    const script =
      'wget -qO- "https://$KUBERNETES_SERVICE_HOST/version" --no-check-certificate 2>&1'
    await createJob("calls", { command: ["sh", "-c", `${script} | grep -E "401|major"`] })
    await finished("calls", "Complete")
  })

  test("gives a pod no event that a cluster with DNS would not give", async () => {
    await createJob("quiet", {})
    await finished("quiet", "Complete")
    const { items } = await cluster.api.get<{
      items: { type: string; reason: string; involvedObject: { name: string } }[]
    }>(`/api/v1/namespaces/${namespace.name}/events`)
    const warnings = items.filter(
      ({ type, involvedObject }) => type === "Warning" && involvedObject.name.startsWith("quiet"),
    )
    assert.deepEqual(warnings, [])
  })
})

suite("Executions", () => {
  test("are known from the start, to garbage collection too", async () => {
    const group = "execution.kubegene.io/v1alpha1"
    const executions = `/apis/${group}/namespaces/${namespace.name}/executions`
    const owner = await cluster.api.create<Job>(executions, {
      apiVersion: group,
      kind: "Execution",
      metadata: { name: "owner" },
      spec: { tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["true"] }] },
    })
    const configMaps = `/api/v1/namespaces/${namespace.name}/configmaps`
    const reference = { apiVersion: group, kind: "Execution", name: "owner" }
    await cluster.api.create(configMaps, {
      metadata: { name: "owned", ownerReferences: [{ ...reference, uid: owner.metadata.uid }] },
    })
    await cluster.api.remove(`${executions}/owner`)
    await until("what it owned is gone", async () => {
      const { items } = await cluster.api.get<{ items: readonly Pod[] }>(configMaps)
      return !items.some(({ metadata }) => metadata.name === "owned")
    })
  })
})

suite("namespaces", () => {
  test("of two suites do not disturb each other, and removing one leaves the other", async () => {
    const other = await cluster.namespace("bed")
    await createJob("same-name", {})
    await createJob("same-name", {}, other)
    await Promise.all([finished("same-name", "Complete"), finished("same-name", "Complete", other)])
    await other.remove()
    await until("the other namespace is gone", async () => {
      const { code } = await cluster.kubectl("get", "namespace", other.name)
      return code !== 0
    })
    assert.equal((await getJob("same-name")).status.succeeded, 1)
  })
})

suite("the audit log", () => {
  test("holds the creation of a Job with its body, once", async () => {
    const job = await createJob("audited", {})
    await finished("audited", "Complete")
    const creations = []
    const lines = createInterface({ input: createReadStream(cluster.auditLog) })
    for await (const line of lines) {
      if (!line.includes(namespace.name)) continue
      const event = JSON.parse(line)
      const { resource, name, subresource } = event.objectRef ?? {}
      if (event.stage !== "ResponseComplete" || resource !== "jobs" || subresource) continue
      if (event.verb === "create" && (name ?? event.requestObject?.metadata.name) === "audited") {
        creations.push(event)
      }
    }
    assert.equal(creations.length, 1)
    assert.equal(creations[0].responseStatus.code, 201)
    assert.equal(creations[0].requestObject.spec.backoffLimit, 0)
    assert.equal(job.metadata.name, "audited")
  })
})

suite("the fake kubelet", () => {
  let fake: FakeKubelet

  before(async () => {
    fake = await startFakeKubelet({ kubeconfig: cluster.kubeconfig, nodes: 5 })
  })

  after(async () => {
    await fake?.stop()
  })

  test("ends 200 pods that are bound to its nodes", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `many-${index}`)
    await Promise.all(
      names.map((name, index) =>
        cluster.api.create(`/api/v1/namespaces/${namespace.name}/pods`, {
          metadata: { name, labels: { set: "many" } },
          spec: { ...podSpec({}), nodeName: fake.nodes[index % fake.nodes.length] },
        }),
      ),
    )
    await until("all of them have succeeded", async () => {
      const pods = await podsOf("set=many")
      return pods.length === 200 && pods.every(({ status }) => status.phase === "Succeeded")
    })
  })

  test("gives each Job the end that its pod template orders", async () => {
    const orders = { succeed: "Complete", "fail:7": "Failed", oom: "Failed", evict: "Failed" }
    const names = Object.keys(orders).map((order) => `fake-${order.replace(":", "-")}`)
    await Promise.all(
      Object.keys(orders).map((order, index) => createFakeJob(names[index] ?? "", order)),
    )
    await Promise.all(Object.values(orders).map((end, index) => finished(names[index] ?? "", end)))
    assert.equal(terminated(await podOf("fake-fail-7"))?.exitCode, 7)
    assert.equal(terminated(await podOf("fake-oom"))?.reason, "OOMKilled")
    assert.equal((await podOf("fake-evict")).status.reason, "Evicted")
  })

  test("lets a pod hang until it is told what to do", async () => {
    await createFakeJob("fake-hang", "hang")
    const pod = await until("the pod runs", async () => {
      const [first] = await podsOf("job-name=fake-hang")
      return first?.status.phase === "Running" ? first : undefined
    })
    await fake.order(namespace.name, pod.metadata.name, "succeed")
    await finished("fake-hang", "Complete")
  })

  test("lets go of a pod that is deleted while it runs", async () => {
    await createFakeJob("fake-deleted", "hang")
    await until("the pod runs", async () =>
      (await podsOf("job-name=fake-deleted")).some(({ status }) => status.phase === "Running"),
    )
    await cluster.api.remove(jobPath("fake-deleted"), { propagationPolicy: "Foreground" })
    await until("no pod is left", async () => {
      return (await podsOf("job-name=fake-deleted")).length === 0
    })
  })

  const createFakeJob = (name: string, order: string): Promise<Job> =>
    postJob(namespace, name, {
      metadata: { annotations: { [outcomeAnnotation]: order } },
      spec: { ...podSpec({}), ...fake.placement },
    })
})

const podSpec = (container: object): object => ({
  restartPolicy: "Never",
  terminationGracePeriodSeconds: 1,
  containers: [{ name: "main", image: "busybox:1.36", command: ["true"], ...container }],
})

const createJob = (name: string, container: object, where = namespace): Promise<Job> =>
  postJob(where, name, { spec: podSpec(container) })

const postJob = (where: Namespace, name: string, template: object): Promise<Job> =>
  cluster.api.create(`/apis/batch/v1/namespaces/${where.name}/jobs`, {
    metadata: { name },
    spec: { backoffLimit: 0, template },
  })

const jobPath = (name: string, where = namespace): string =>
  `/apis/batch/v1/namespaces/${where.name}/jobs/${name}`

const getJob = (name: string, where = namespace): Promise<Job> =>
  cluster.api.get<Job>(jobPath(name, where))

function finished(name: string, end: string, where = namespace) {
  return until(`Job "${name}" is ${end}`, async () => {
    const { conditions = [] } = (await getJob(name, where)).status
    return isTrue(conditions, end) ? conditions : undefined
  })
}

const podOf = (job: string): Promise<Pod> =>
  until(`Job "${job}" has a pod`, async () => (await podsOf(`job-name=${job}`))[0])

async function podsOf(selector: string): Promise<readonly Pod[]> {
  const query = new URLSearchParams({ labelSelector: selector })
  const path = `/api/v1/namespaces/${namespace.name}/pods?${query}`
  return (await cluster.api.get<{ items: readonly Pod[] }>(path)).items
}

const terminated = (pod: Pod) => pod.status.containerStatuses?.[0]?.state.terminated

const isTrue = (
  conditions: readonly { type: string; status: string }[] | undefined,
  wanted: string,
): boolean => conditions?.some(({ type, status }) => type === wanted && status === "True") ?? false

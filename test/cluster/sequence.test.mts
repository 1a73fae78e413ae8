import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { applyJobChange } from "../../core/view/jobChange.ts"
import type { JobView } from "../../core/view/jobView.ts"
import { itemsOfJob } from "../../core/view/sequence/items.ts"
import { figuresOf } from "../../core/view/sequence/row.ts"
import { rowsOf } from "../../core/view/sequence/rows.ts"
import { doneOf, totalsOf } from "../../core/view/sequence/totals.ts"
import type { Cluster as Port } from "../../engine/cluster.ts"
import { openKubePlace } from "../../engine/kube/kubePlace.ts"
import { OpenedJob } from "../../engine/openedJob.ts"
import { copyPlainPodLog } from "../../engine/plainPodLog.ts"
import type { LogOptions } from "../../engine/protocol.ts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { installExecutions } from "./installExecutions.mts"
import { until } from "./until.mts"

let bed: Cluster
let namespace: Namespace
let port: Port

before(async () => {
  bed = await useCluster()
  await installExecutions(bed)
  namespace = await bed.namespace("sequence")
  const { cluster } = await openKubePlace({
    kind: "kube",
    kubeconfig: bed.kubeconfig,
    namespace: namespace.name,
  })
  port = cluster
  await port.start({ onRun: () => {}, onStale: () => {} })
})

after(async () => {
  await port?.close()
  await namespace?.remove()
  bed?.close()
})

const jobs = () => `/apis/batch/v1/namespaces/${namespace.name}/jobs`

/** A Job as somebody's page would follow it: first all of it, then what changes. */
class Page {
  view: JobView | undefined
  readonly #opened: OpenedJob
  /** What was shown while it went. */
  readonly seen: JobView[] = []

  constructor(name: string, kind: "Job" | "CronJob" = "Job") {
    this.#opened = new OpenedJob(port, { kind, name }, (change) => {
      if (this.view === undefined) return
      // As over the wire: nothing may be lost in JSON.
      this.view = applyJobChange(this.view, JSON.parse(JSON.stringify(change)))
      this.seen.push(this.view)
    })
  }

  async open(): Promise<void> {
    this.view = await this.#opened.start()
  }

  close(): void {
    this.#opened.close()
  }
}

function template(command: string, more: object = {}): object {
  const container = { name: "main", image: "busybox", command: ["sh", "-c", command] }
  return { spec: { restartPolicy: "Never", containers: [container], ...more } }
}

test("a Job of 20 pods, 4 at a time, is shown as it goes, and in the end as the API server has it", async () => {
  await bed.api.create(jobs(), {
    metadata: { name: "pi" },
    spec: { completions: 20, parallelism: 4, template: template("sleep $((1 + $RANDOM % 3))") },
  })
  const page = new Page("pi")
  await page.open()
  await until("the Job is shown as done", async () => page.view?.phase === "succeeded", 300_000)
  page.close()

  const shown = page.view as JobView
  const rows = rowsOf(itemsOfJob(shown), "pod")
  const listed = await bed.kubectl(
    "get",
    "pods",
    "-n",
    namespace.name,
    "-l",
    "job-name=pi",
    "-o",
    "json",
  )
  const pods = (JSON.parse(listed.stdout) as { items: readonly Pod[] }).items
  assert.equal(pods.length, 20)
  const now = Date.now()
  const figures = rows.map((row) => [row.name, row.begin, figuresOf(row, now), row.end] as const)
  assert.deepEqual(
    figures.toSorted((a, b) => (a[0] < b[0] ? -1 : 1)),
    pods.map(figuresOfPod).toSorted((a, b) => (a[0] < b[0] ? -1 : 1)),
  )
  const sums = pods.map(figuresOfPod).map(([, , one]) => one)
  const sum = (key: "waited" | "cold" | "work" | "total") =>
    sums.reduce((all, one) => all + one[key], 0)
  const totals = totalsOf(rows, now)
  for (const key of ["waited", "cold", "work", "total"] as const) {
    assert.equal(totals[key], sum(key), key)
  }
  assert.deepEqual(doneOf(itemsOfJob(shown)), { done: 20, all: 20, failedTries: 0 })

  // Live: never more than four at once, the rest counted, and cold starts known before the end.
  for (const view of page.seen) {
    const [job] = view.jobs
    const open = job?.pods.filter(({ phase }) => phase === "running" || phase === "queued") ?? []
    assert.ok(open.length <= 4, `${open.length} pods at once`)
  }
  const live = page.seen.flatMap((view) => rowsOf(itemsOfJob(view), "pod"))
  assert.ok(
    live.some(
      (row) => row.phase === "running" && figuresOf(row, now).cold >= 0 && row.end === undefined,
    ),
  )
  assert.ok(
    page.seen.some((view) => view.jobs[0]?.waits === "not created yet: at most 4 run at once"),
  )
})

test("init containers, two containers and a restart are shown as the API server has them", async () => {
  const more = {
    restartPolicy: "OnFailure",
    initContainers: [{ name: "fetch", image: "busybox", command: ["sleep", "2"] }],
    containers: [
      {
        name: "one",
        image: "busybox",
        command: [
          "sh",
          "-c",
          "if [ -e /tmp/once/x ]; then sleep 2; else touch /tmp/once/x; sleep 1; exit 3; fi",
        ],
        volumeMounts: [{ name: "once", mountPath: "/tmp/once" }],
      },
      { name: "two", image: "busybox", command: ["sleep", "4"] },
    ],
    volumes: [{ name: "once", emptyDir: {} }],
  }
  await bed.api.create(jobs(), {
    metadata: { name: "parts" },
    spec: { completionMode: "Indexed", completions: 1, template: template("", more) },
  })
  const page = new Page("parts")
  await page.open()
  await until("the Job is shown as done", async () => page.view?.phase === "succeeded", 300_000)
  page.close()
  const items = itemsOfJob(page.view as JobView)
  const listed = await bed.kubectl(
    "get",
    "pods",
    "-n",
    namespace.name,
    "-l",
    "job-name=parts",
    "-o",
    "json",
  )
  const [pod] = (JSON.parse(listed.stdout) as { items: readonly Pod[] }).items
  const init = pod?.status.initContainerStatuses?.[0]?.state.terminated
  const [row] = rowsOf(items, "pod")
  const parts = row?.segments.filter(({ kind }) => kind === "init")
  assert.deepEqual(
    parts?.map(({ from, to }) => [from, to]),
    [[Date.parse(init?.startedAt ?? ""), Date.parse(init?.finishedAt ?? "")]],
  )
  const names = rowsOf(items, "container").map(({ name, tries }) => [name, tries])
  assert.deepEqual(names, [
    [`${pod?.metadata.name} fetch`, 1],
    [`${pod?.metadata.name} one`, 2],
    [`${pod?.metadata.name} two`, 1],
  ])
  // While it went the run that failed was to be seen; in the end Kubernetes keeps only the last.
  const live = page.seen.flatMap((view) => rowsOf(itemsOfJob(view), "container"))
  const failed = live.filter(({ name }) => name.endsWith(" one"))
  assert.ok(failed.some(({ segments }) => segments.some(({ kind }) => kind === "failed")))
  const first = pod?.status.containerStatuses.find(({ name }) => name === "two")
  const worked = row?.segments.find(({ kind }) => kind === "work")
  assert.equal(worked?.from, Date.parse(first?.state.terminated?.startedAt ?? ""))
  for (const each of rowsOf(items, "container")) {
    const { waited, cold, work, total } = figuresOf(each, Date.now())
    assert.equal(waited + cold + work, total)
  }
})

test("the log of a Job's pod has all its containers as they go, again what was printed before a restart, and touches nothing", async () => {
  const first = "touch /tmp/once/x; echo first; exit 3"
  const second = "echo second; until [ -e /tmp/once/open ]; do sleep 0.1; done"
  const more = {
    restartPolicy: "OnFailure",
    initContainers: [{ name: "fetch", image: "busybox", command: ["echo", "fetched"] }],
    containers: [
      {
        name: "one",
        image: "busybox",
        command: ["sh", "-c", `if [ -e /tmp/once/x ]; then ${second}; else ${first}; fi`],
        volumeMounts: [{ name: "once", mountPath: "/tmp/once" }],
      },
      { name: "two", image: "busybox", command: ["echo", "beside"] },
    ],
    volumes: [{ name: "once", emptyDir: {} }],
  }
  await bed.api.create(jobs(), {
    metadata: { name: "said" },
    spec: { template: template("", more) },
  })
  const page = new Page("said")
  await page.open()
  const pod = () => page.view?.jobs[0]?.pods[0]
  await until("its pod is there", async () => pod() !== undefined)
  const name = pod()?.pod ?? ""
  const read = async (options: LogOptions) => {
    const lines: string[] = []
    await copyPlainPodLog(
      { cluster: port, namespace: namespace.name, job: "said", pod: name, options },
      ({ step, container }, more) => {
        assert.equal(step, `${name} ${container}`)
        for (const line of more) lines.push(`${container}: ${line}`)
      },
      new AbortController().signal,
    )
    return lines.sort()
  }
  const followed = read({ follow: true })
  await until("its container was started again", async () =>
    pod()?.detail?.containers.some(({ restarts, phase }) => restarts === 1 && phase === "running"),
  )
  const versions = async () => {
    const path = "-o=jsonpath={.metadata.resourceVersion}"
    const of = (object: string) => bed.kubectl("get", object, "-n", namespace.name, path)
    const seen = await Promise.all([of("job/said"), of(`pod/${name}`)])
    return seen.map(({ stdout }) => stdout)
  }
  const before = await versions()
  // Kubernetes keeps what was printed before a restart only while the pod goes on.
  assert.deepEqual(await read({ previous: true }), ["one: first"])
  assert.deepEqual(await read({}), ["fetch: fetched", "one: second", "two: beside"])
  assert.deepEqual(await versions(), before)
  const open = ["exec", "-n", namespace.name, name, "-c", "one", "--", "touch", "/tmp/once/open"]
  assert.equal((await bed.kubectl(...open)).code, 0)
  assert.deepEqual(await followed, ["fetch: fetched", "one: first", "one: second", "two: beside"])
  await until("the Job is shown as done", async () => page.view?.phase === "succeeded")
  page.close()
})

test("pods that Kubernetes removes while somebody looks stay in the picture", async () => {
  await bed.api.create(jobs(), {
    metadata: { name: "brief" },
    spec: { ttlSecondsAfterFinished: 1, template: template("echo done") },
  })
  const page = new Page("brief")
  await page.open()
  await until("the Job is done", async () => page.seen.some(({ phase }) => phase === "succeeded"))
  await until("the Job is gone", async () => {
    const got = await bed.kubectl("get", "job", "brief", "-n", namespace.name, "--ignore-not-found")
    return got.stdout.trim() === ""
  })
  page.close()
  const [row] = rowsOf(itemsOfJob(page.view as JobView), "pod")
  assert.equal(row?.phase, "succeeded")
  assert.ok(figuresOf(row, Date.now()).total >= 0 && row.end !== undefined)
})

test("a CronJob is shown with the Jobs it made", async () => {
  await bed.api.create(`/apis/batch/v1/namespaces/${namespace.name}/cronjobs`, {
    metadata: { name: "nightly" },
    spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: template("true") } } },
  })
  const page = new Page("nightly", "CronJob")
  await page.open()
  assert.deepEqual(page.view?.jobs, [])
  for (const name of ["nightly-1", "nightly-2"]) {
    const made = await bed.kubectl(
      "create",
      "job",
      name,
      "--from=cronjob/nightly",
      "-n",
      namespace.name,
    )
    assert.equal(made.code, 0, made.stderr)
  }
  await until("both are shown as done", async () => {
    const done = page.view?.jobs.filter(({ phase }) => phase === "succeeded") ?? []
    return done.length === 2
  })
  page.close()
  const names = new Set(itemsOfJob(page.view as JobView).map(({ group }) => group))
  assert.deepEqual([...names].sort(), ["nightly-1", "nightly-2"])
})

interface Pod {
  readonly metadata: { readonly name: string; readonly creationTimestamp: string }
  readonly status: {
    readonly startTime: string
    readonly initContainerStatuses?: readonly Status[]
    readonly containerStatuses: readonly Status[]
  }
}

interface Status {
  readonly name: string
  readonly state: { readonly terminated?: Stretch }
}

interface Stretch {
  readonly startedAt: string
  readonly finishedAt: string
}

/** By hand, from what kubectl prints: nothing of ours has a part in it. */
function figuresOfPod({ metadata, status }: Pod) {
  const stretch = status.containerStatuses[0]?.state.terminated
  const created = Date.parse(metadata.creationTimestamp)
  const accepted = Date.parse(status.startTime)
  const started = Date.parse(stretch?.startedAt ?? "")
  const ended = Date.parse(stretch?.finishedAt ?? "")
  const figures = {
    waited: accepted - created,
    cold: started - accepted,
    work: ended - started,
    total: ended - created,
  }
  return [metadata.name, created, figures, ended] as const
}

import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { type Cluster, type Namespace, useCluster } from "../test/cluster/cluster.mts"
import { type FakeKubelet, startFakeKubelet } from "../test/cluster/fakeKubelet.mts"
import { installExecutions } from "../test/cluster/installExecutions.mts"
import { type AuditedRun, endOf, readAudit } from "./engine/audit.mts"
import { gone } from "./engine/gone.mts"
import type { PeerPolicy } from "./engine/peerPolicy.mts"
import type { Cost, Order } from "./engine/worker.mts"
import { chain, type Dag, executionOf, fan, genomic, random, taskName } from "./engine/workflow.mts"

/** Writes per Job when nothing drives it: the Job, its pod, their status and finalizer writes. */
const writesPerJob = 7

/**
 * The engine on the bed's cluster. Its clock is the API server's audit log, never its own word; every
 * figure is a ratio to something measured in the same run.
 */
export async function benchEngine(
  print: (line: string) => void,
  parts: readonly ("fake" | "real")[] = ["fake", "real"],
): Promise<boolean> {
  const cluster = await useCluster("wholeCluster", "auditLog")
  await installExecutions(cluster)
  const fake = await startFakeKubelet({ kubeconfig: cluster.kubeconfig, nodes: 8 })
  try {
    const missed: string[] = []
    const gates: Gates = {
      atMost: (what, figure, gate) => {
        if (!(figure <= gate)) missed.push(`${what}: ${figure.toFixed(2)} > ${gate}`)
      },
      atLeast: (what, figure, gate) => {
        if (!(figure >= gate)) missed.push(`${what}: ${figure.toFixed(2)} < ${gate}`)
      },
    }
    if (parts.includes("fake")) await onFakeNodes(cluster, fake, gates, print)
    if (parts.includes("real")) await onRealPods(cluster, gates, print)
    print("")
    print(missed.length === 0 ? "Every gate is kept." : `Missed gates:\n  ${missed.join("\n  ")}`)
    return missed.length === 0
  } finally {
    await fake.stop()
    cluster.close()
  }
}

/** What must hold; what was missed is told at the end. */
interface Gates {
  readonly atMost: (what: string, figure: number, gate: number) => void
  readonly atLeast: (what: string, figure: number, gate: number) => void
}

interface Posts {
  /** The median of one after the other, in milliseconds. */
  readonly one: number
  /** A second, the best of three. */
  readonly rate: number
}

async function onFakeNodes(
  cluster: Cluster,
  fake: FakeKubelet,
  gates: Gates,
  print: (line: string) => void,
): Promise<void> {
  const post = await measurePosts(cluster)
  print(`one Job POST ${post.one.toFixed(2)} ms; with 32 in flight ${post.rate.toFixed(0)}/s`)
  const bench = async (dag: Dag, early: boolean, policy: PeerPolicy = {}) => {
    const run = await runOnce(cluster, dag, { pod: onFakeNode(fake), ordered: true, early, policy })
    return run
  }
  print("")
  print("On fake nodes (nodes chosen beforehand, Events not counted)")
  const short = await bench(chain(50), true)
  print(line("chain 50", short, 50, gapsOf(chain(50), short.audit), post.one, gates))
  const waits = await bench(chain(50), false)
  const early = spanSeconds(waits.audit) / spanSeconds(short.audit)
  gates.atLeast("chain 50 against Job Complete", early, 25)
  print(
    `chain 50, waiting for Job Complete: ${seconds(waits.audit)} s = ${times(waits, short)}  (gate 25×, aim 60×)`,
  )
  for (const requeueMs of [2_000, 10_000]) {
    // Each step costs the whole delay, so a part of the chain says what all of it would take.
    const steps = requeueMs === 2_000 ? 20 : 5
    const part = await bench(chain(steps), true, { requeueMs })
    const ratio = spanSeconds(part.audit) / steps / (spanSeconds(short.audit) / 50)
    print(
      `chain ${steps}, looked at ${requeueMs / 1000} s after each event: ${seconds(part.audit)} s, a step ${ratio.toFixed(0)}× as long`,
    )
  }
  for (const dag of [random(200), random(1000), genomic(1000)]) {
    const run = await bench(dag, true)
    const size = dag.parents.length
    // Many are ready at once: a POST then waits for the others as it does with 32 in flight.
    print(line(dag.name, run, size, gapsOf(dag, run.audit), (inFlight / post.rate) * 1000, gates))
    if (size < 1000) {
      const slow = await bench(dag, true, { qps: 20, burst: 30 })
      print(`${dag.name}, 20 requests a second: ${seconds(slow.audit)} s = ${times(slow, run)}`)
      continue
    }
    const rate = size / spanSeconds(run.audit)
    const bound = post.rate / writesPerJob
    gates.atLeast(`${dag.name} rate`, rate / bound, 0.6)
    print(
      `  rate ${rate.toFixed(1)}/s of ${bound.toFixed(1)}/s = ${(rate / bound).toFixed(2)}  (gate 0.6, aim 0.9)`,
    )
  }
}

async function onRealPods(
  cluster: Cluster,
  gates: Gates,
  print: (line: string) => void,
): Promise<void> {
  print("")
  print("On real pods (busybox true; floor: the same Jobs all at once)")
  const bench = (dag: Dag, ordered: boolean, early = true) =>
    runOnce(cluster, dag, { pod: quickEnd, ordered, early, policy: {} })
  for (const dag of [fan(60), random(100)]) {
    const floors: number[] = []
    const runs: Run[] = []
    for (let round = 0; round < 3; round++) {
      floors.push(spanSeconds((await bench(dag, false)).audit))
      runs.push(await bench(dag, true))
    }
    const floor = median(floors)
    const run = runs.toSorted((a, b) => spanSeconds(a.audit) - spanSeconds(b.audit))[1] ?? runs[0]
    if (!run) continue
    const ratio = spanSeconds(run.audit) / floor
    gates.atMost(`${dag.name} against its floor`, ratio, 1.15)
    print(
      `${dag.name}: ${seconds(run.audit)} s, floor ${floor.toFixed(1)} s = ${ratio.toFixed(2)}  (gate 1.15, aim 1.05); ${perStep(run, dag)}`,
    )
  }
  const dag = chain(20)
  const run = await bench(dag, true)
  const own = median(
    dag.parents.map((_, index) => {
      const job = jobOf(index)
      return ((run.audit.done.get(job) ?? 0) - (run.audit.created.get(job) ?? 0)) / 1000
    }),
  )
  gates.atMost("chain 20 against its pods' own time", spanSeconds(run.audit) / (20 * own), 1.3)
  const alone = await bench(chain(1), true)
  const one = spanSeconds(alone.audit)
  print(
    `${dag.name}: ${seconds(run.audit)} s, one Job alone ${one.toFixed(2)} s (in the chain ${own.toFixed(2)} s) = ${(spanSeconds(run.audit) / (20 * own)).toFixed(2)} of 20 × its own time  (gate 1.3, aim 1.1); ${perStep(run, dag)}`,
  )
  const long = await bench(chain(50), true)
  const late = await bench(chain(50), true, false)
  print(
    `chain 50: ${seconds(long.audit)} s; waiting for Job Complete: ${seconds(late.audit)} s = ${times(late, long)}`,
  )
}

/** Requests at the same time, when the server's rate is asked. */
const inFlight = 32

const quickEnd = { terminationGracePeriodSeconds: 1 }

function onFakeNode(fake: FakeKubelet): object {
  // The scheduler is left out: what is measured is ours and the Job controller's.
  return { ...fake.placement, nodeName: fake.nodes[0] }
}

interface Run {
  readonly audit: AuditedRun
  readonly cost: Cost
}

interface HowToRun {
  readonly pod: object
  readonly ordered: boolean
  readonly early: boolean
  readonly policy: PeerPolicy
}

async function runOnce(cluster: Cluster, dag: Dag, how: HowToRun): Promise<Run> {
  const namespace = await cluster.namespace("bench")
  const from = endOf(cluster.auditLog)
  try {
    const cost = await drive({
      kubeconfig: cluster.kubeconfig,
      namespace: namespace.name,
      policy: how.policy,
      execution: named(executionOf(dag, execution, how), namespace),
    })
    if (cost.phase !== "Succeeded") throw new Error(`${dag.name} ended ${cost.phase}`)
    return { audit: readAudit(cluster.auditLog, from, namespace.name), cost }
  } finally {
    await namespace.remove()
    await gone(cluster, namespace)
  }
}

const execution = "b"
const jobOf = (index: number) => `${execution}.${taskName(index)}.0`

function named(object: ReturnType<typeof executionOf>, { name }: Namespace): object {
  return { ...object, metadata: { ...object.metadata, namespace: name } }
}

function drive(order: Order): Promise<Cost> {
  const worker = fork(fileURLToPath(new URL("engine/worker.mts", import.meta.url)), {
    execArgv: ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"],
  })
  return new Promise((resolve, reject) => {
    let cost: Cost | undefined
    worker.once("message", (message: Cost) => {
      cost = message
    })
    worker.once("error", reject)
    worker.once("exit", (code) => {
      if (cost) resolve(cost)
      else reject(new Error(`the engine's process ended with code ${code}`))
    })
    worker.send(order)
  })
}

async function measurePosts(cluster: Cluster): Promise<Posts> {
  const namespace = await cluster.namespace("posts")
  const path = `/apis/batch/v1/namespaces/${namespace.name}/jobs`
  const job = (name: string) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      suspend: true,
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "main", image: "busybox:1.36", command: ["true"] }],
        },
      },
    },
  })
  try {
    const single: number[] = []
    for (let i = 0; i < 100; i++) {
      const began = performance.now()
      await cluster.api.create(path, job(`one-${i}`))
      single.push(performance.now() - began)
    }
    let rate = 0
    for (let round = 0; round < 3; round++) {
      const began = performance.now()
      let next = 0
      const worker = async () => {
        while (next < 500) await cluster.api.create(path, job(`many-${round}-${next++}`))
      }
      await Promise.all(Array.from({ length: inFlight }, worker))
      rate = Math.max(rate, 500 / ((performance.now() - began) / 1000))
    }
    return { one: median(single), rate }
  } finally {
    await namespace.remove()
    await gone(cluster, namespace)
  }
}

/** For each task that waits: from the last of its parents' ends to the request for its Job. */
function gapsOf({ parents }: Dag, { created, done }: AuditedRun): readonly number[] {
  return parents
    .flatMap((waitsFor, index) => {
      if (waitsFor.length === 0) return []
      const ready = Math.max(...waitsFor.map((parent) => done.get(jobOf(parent)) ?? Number.NaN))
      return (created.get(jobOf(index)) ?? Number.NaN) - ready
    })
    .sort((a, b) => a - b)
}

function line(
  name: string,
  run: Run,
  size: number,
  sorted: readonly number[],
  postMs: number,
  gates?: Gates,
): string {
  const p50 = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN
  gates?.atMost(`${name} median gap in POSTs`, p50 / postMs, 4)
  gates?.atMost(`${name} p99 gap in POSTs`, p99 / postMs, 20)
  const { cpuMs, peakMb } = run.cost
  return `${name}: ${seconds(run.audit)} s; end → next Job ${p50.toFixed(1)} ms = ${(p50 / postMs).toFixed(1)} POSTs of ${postMs.toFixed(1)} ms (gate 4, aim 2), p99 ${p99.toFixed(1)} ms = ${(p99 / postMs).toFixed(1)} (gate 20, aim 10); ${(run.audit.writes / size).toFixed(1)} writes, ${(cpuMs / size).toFixed(1)} ms of processor a step, ${peakMb.toFixed(0)} MB`
}

function perStep({ audit, cost }: Run, { parents }: Dag): string {
  return `${(audit.writes / parents.length).toFixed(1)} writes, ${(cost.cpuMs / parents.length).toFixed(1)} ms of processor a step`
}

function spanSeconds({ first, last }: AuditedRun): number {
  return (last - first) / 1000
}

function seconds(audit: AuditedRun): string {
  return spanSeconds(audit).toFixed(2)
}

function times(slow: Run, quick: Run): string {
  return `${(spanSeconds(slow.audit) / spanSeconds(quick.audit)).toFixed(1)}×`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

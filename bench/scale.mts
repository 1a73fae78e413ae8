import { fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { leanEnvironment, leanNode } from "#engine/leanHeap"
import { type Cluster, useCluster } from "../test/cluster/cluster.mts"
import { type FakeKubelet, startFakeKubelet } from "../test/cluster/fakeKubelet.mts"
import { installExecutions } from "../test/cluster/installExecutions.mts"
import { endOf, readAudit } from "./engine/audit.mts"
import { gone } from "./engine/gone.mts"
import type { ScaleCost, ScaleOrder } from "./engine/scaleWorker.mts"
import { type Shape, shapes } from "./engine/scaleWorkflow.mts"

const small = 1_000
const large = 10_000
const rounds = 3

/**
 * Ten thousand steps against one thousand, in turns: the rate must not fall with the size, and no
 * object and no memory grow with it.
 */
export async function benchScale(
  print: (line: string) => void,
  names: readonly string[] = shapes.map(({ name }) => name),
): Promise<boolean> {
  const cluster = await useCluster("wholeCluster", "auditLog")
  await installExecutions(cluster)
  const fake = await startFakeKubelet({ kubeconfig: cluster.kubeconfig, nodes: 8 })
  const folder = mkdtempSync(path.join(tmpdir(), "kube-executions-bench-"))
  const missed: string[] = []
  try {
    const worker = await bundled(folder)
    for (const shape of shapes.filter(({ name }) => names.includes(name))) {
      const run = (size: number) => runOnce(cluster, fake, worker, shape, size, print)
      const ratios: number[] = []
      const runs: Measured[] = []
      for (let round = 0; round < rounds; round++) {
        const [few, many] = [await run(small), await run(large)]
        ratios.push(many.rate / few.rate)
        runs.push(many)
      }
      const ratio = ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
      const most = (read: (one: Measured) => number) => Math.max(...runs.map(read))
      const gate = (what: string, isKept: boolean) => {
        if (!isKept) missed.push(`${shape.name}: ${what}`)
      }
      const [bytes, peak, writes] = [
        most(({ objectBytes }) => objectBytes),
        most(({ peakMb }) => peakMb),
        most(({ writes }) => writes),
      ]
      gate(`rate ${ratio.toFixed(2)} < 0.75`, ratio >= 0.75)
      gate(`largest object ${bytes} bytes > 262144`, bytes <= 256 * 1024)
      gate(`memory ${peak.toFixed(0)} MB > 200`, peak <= 200)
      gate(`writes a step ${writes.toFixed(2)} > 7.1`, writes <= 7.1)
      print(
        `${shape.name}: rate of ${large} ÷ rate of ${small} = ${ratio.toFixed(2)} (gate 0.75, aim 0.9); largest object ${(bytes / 1024).toFixed(0)} KiB (gate 256), memory ${peak.toFixed(0)} MB (gate 200), ${writes.toFixed(2)} writes a step (gate 7.1)`,
      )
    }
    print(missed.length === 0 ? "Every gate is kept." : `Missed gates:\n  ${missed.join("\n  ")}`)
    return missed.length === 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await fake.stop()
    cluster.close()
  }
}

interface Measured extends ScaleCost {
  /** Steps a second, from the first Job to the last pod's end. */
  readonly rate: number
  readonly writes: number
}

async function runOnce(
  cluster: Cluster,
  fake: FakeKubelet,
  worker: string,
  shape: Shape,
  size: number,
  print: (line: string) => void,
): Promise<Measured> {
  const namespace = await cluster.namespace("scale")
  const from = endOf(cluster.auditLog)
  try {
    // The scheduler is left out: what is measured is ours and the Job controller's.
    const pod = { ...fake.placement, nodeName: fake.nodes[0] }
    const cost = await drive(worker, {
      kubeconfig: cluster.kubeconfig,
      namespace: namespace.name,
      execution: {
        apiVersion: "execution.kubegene.io/v1alpha1",
        kind: "Execution",
        metadata: { name: "s", namespace: namespace.name },
        spec: { tasks: shape.tasks(size, pod) },
      },
    })
    if (cost.phase !== "Succeeded") throw new Error(`${shape.name} ${size} ended ${cost.phase}`)
    const { first, last, writes } = readAudit(cluster.auditLog, from, namespace.name)
    const seconds = (last - first) / 1000
    const measured = { ...cost, rate: size / seconds, writes: writes / size }
    print(
      `  ${shape.name} ${size}: ${seconds.toFixed(1)} s = ${measured.rate.toFixed(1)}/s; ${measured.writes.toFixed(2)} writes, ${(cost.cpuMs / size).toFixed(1)} ms of processor a step; object ${(cost.objectBytes / 1024).toFixed(0)} KiB; ${cost.peakMb.toFixed(0)} MB (${cost.idleMb.toFixed(0)} before)`,
    )
    return measured
  } finally {
    await namespace.remove()
    await gone(cluster, namespace)
  }
}

/** The engine's memory is that of its bundle: running from source costs half as much again. */
async function bundled(folder: string): Promise<string> {
  const outfile = path.join(folder, "worker.cjs")
  await build({
    entryPoints: [fileURLToPath(new URL("engine/scaleWorker.mts", import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    logLevel: "error",
  })
  return outfile
}

function drive(worker: string, order: ScaleOrder): Promise<ScaleCost> {
  const child = fork(worker, {
    execArgv: [...leanNode],
    env: { ...process.env, ...leanEnvironment },
  })
  return new Promise((resolve, reject) => {
    let cost: ScaleCost | undefined
    child.once("message", (message: ScaleCost) => {
      cost = message
    })
    child.once("error", reject)
    child.once("exit", (code) => {
      if (cost) resolve(cost)
      else reject(new Error(`the engine's process ended with code ${code}`))
    })
    child.send(order)
  })
}

import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { openRun } from "../support/run.mts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { type Execution, executionsPath } from "./engine.mts"
import { startEngineProcess } from "./engineProcess.mts"
import { gate } from "./engineTasks.mts"
import { installExecutions } from "./installExecutions.mts"
import { readChanges } from "./judge/auditLog.mts"
import { judge } from "./judge/judge.mts"
import { openGate } from "./openGate.mts"
import { until } from "./until.mts"

let bed: Cluster
let namespace: Namespace
const processes = openRun()

before(async () => {
  bed = await useCluster("auditLog")
  await installExecutions(bed)
  namespace = await bed.namespace("left")
})

after(async () => {
  await processes.close()
  await namespace?.remove()
  bed?.close()
})

suite("a driver that is left in the cluster", () => {
  test("goes on with a run when the engine that started it is killed, and goes on the user's word", async () => {
    const { name } = namespace
    const { kubeconfig } = bed
    const request = { kind: "kube", kubeconfig, namespace: name } as const
    const engine = await startEngineProcess(processes, name)
    const { place } = await engine.call("place/open", request)
    const text = JSON.stringify({
      apiVersion: "execution.kubegene.io/v1alpha1",
      kind: "Execution",
      metadata: { name: "x" },
      spec: {
        tasks: [
          { name: "a", type: "Job", image: "busybox", commandSet: [gate] },
          {
            name: "b",
            type: "Job",
            image: "busybox",
            commandSet: ["echo 1", "echo 2"],
            dependents: [{ target: "a", type: "whole" }],
          },
        ],
      },
    })
    const spec = { path: "x.json", text, document: 0 }
    await engine.call("run/start", { place: place.id, spec, options: { name: "x" } })
    const read = () => bed.api.get<Execution & Driven>(executionsPath(name, "x"))
    await until("a runs", async () => (await read()).status?.vertices?.["x.a.0"] !== undefined)
    assert.equal((await read()).status?.driver?.id, engine.driver)

    const state = await engine.call("driver/look", { place: place.id })
    assert.equal(state.image, null)
    assert.ok(state.objects.includes("Deployment/kube-executions-left-driver"))
    assert.deepEqual(await engine.call("driver/leave", { place: place.id }), { runs: ["x"] })
    await until("the left driver has it", async () => {
      return (await read()).status?.driver?.id === "kube-executions-left-driver"
    })
    // What is there already lives: nothing has to begin for it.
    assert.deepEqual(await engine.call("driver/leave", { place: place.id, runs: [] }), { runs: [] })
    await engine.kill()

    await openGate(bed, name, "x.a.0")
    const status = await until("it has ended", async () => {
      const { status } = await read()
      return status?.finishedAt ? status : undefined
    })
    assert.equal(status.phase, "Succeeded")
    assert.deepEqual(judge(await readChanges(bed.auditLog, name)).violations, [])

    const next = await startEngineProcess(processes, name)
    const opened = await next.call("place/open", request)
    await next.call("driver/remove", { place: opened.place.id })
    const { stdout } = await bed.kubectl(
      ...["get", "deploy,cm,sa,role,rolebinding,lease", "-n", name, "-o", "name"],
    )
    assert.doesNotMatch(stdout, /left-driver/)
    await next.kill()
  })
})

interface Driven {
  readonly status?: { readonly driver?: { readonly id: string } }
}

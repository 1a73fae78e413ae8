import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import type { Locator } from "playwright-core"
import { parse } from "yaml"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { gate } from "../cluster/engineTasks.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { writeKubeconfig } from "../cluster/logins.mts"
import { openGate } from "../cluster/openGate.mts"
import { until } from "../cluster/until.mts"
import { engineIn } from "./engineIn.mts"
import { type Door, openDoor } from "./openDoor.mts"
import { useWorkbench } from "./useWorkbench.mts"

const folder = mkdtempSync(join(tmpdir(), "afterwards-"))
const engine = engineIn(folder)
let cluster: Cluster
let namespace: Namespace
let door: Door

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  await installExecutions(cluster)
  namespace = await cluster.namespace("ui-afterwards")
  const config = parse(readFileSync(cluster.kubeconfig, "utf8"))
  const [{ cluster: there }] = config.clusters
  const [{ user }] = config.users
  door = await openDoor(new URL(there.server))
  const server = `https://127.0.0.1:${door.port}`
  const login = { user, cluster: { ...there, server } }
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.namespace": namespace.name, "kubeExecutions.run.confirm": "never" },
    env: {
      KUBECONFIG: await writeKubeconfig(cluster, join(folder, "config"), login),
      KUBE_EXECUTIONS_HOME: folder,
    },
  }
})
after(async () => {
  door?.close()
  await namespace?.remove()
  cluster?.close()
  rmSync(folder, { recursive: true, force: true })
})

test("a laptop that slept while a step ended says since when it knows nothing, and then how it went on", async () => {
  const { page } = workbench()
  await start("nap")
  await workbench().showView("Runs")
  await unfold("nap", "Running")
  await workbench().treeItem("Runs", "first-nap", "Running")

  // Asleep: nothing moves here, the network forgets us, the cluster goes on.
  engine.stop()
  door.cut()
  await open("nap.first-nap.0")
  await jobEnded("nap.first-nap.0")

  // Awake, and the network comes a little later.
  engine.wake()
  const stale = page.locator(".pane .monaco-list-row", { hasText: "not connected since" }).first()
  await stale.waitFor()
  await grey(await workbench().treeItem("Runs", "first-nap", "Running"))
  await workbench().screenshot("afterwards-asleep-stale")

  door.mend()
  await stale.waitFor({ state: "detached" })
  await workbench().treeItem("Runs", "first-nap", "Succeeded")
  await workbench().treeItem("Runs", "second-nap", "Running")
  await workbench().screenshot("afterwards-asleep-resumed")
  await open("nap.second-nap.0")
  await workbench().treeItem("Runs", "nap", "Succeeded", "2/2")
  await startedOnce("nap")
})

test("a window that is opened after the engine was killed shows that the run goes on", async () => {
  await start("killed")
  await workbench().showView("Runs")
  await workbench().treeItem("Runs", "killed", "Running")

  await workbench().closeWindow()
  await engine.kill()
  // Nobody is there who would see it.
  await open("killed.first-killed.0")
  await jobEnded("killed.first-killed.0")

  await workbench().openWindow()
  await workbench().showView("Runs")
  await unfold("killed", "Running")
  await workbench().treeItem("Runs", "first-killed", "Succeeded")
  await workbench().treeItem("Runs", "second-killed", "Running")
  await workbench().screenshot("afterwards-engine-killed")
  await open("killed.second-killed.0")
  await workbench().treeItem("Runs", "killed", "Succeeded", "2/2")
  await startedOnce("killed")
})

test("a place that the next engine cannot open is shown stale with the reason, and opens when it can", async () => {
  const { page } = workbench()
  await start("lost")
  await podRuns("lost.first-lost.0")
  await workbench().showView("Runs")
  await unfold("lost", "Running")
  await workbench().treeItem("Runs", "first-lost", "Running")

  door.cut()
  await engine.kill()
  await open("lost.first-lost.0")
  await jobEnded("lost.first-lost.0")
  const stale = page.locator(".pane .monaco-list-row", { hasText: "not connected since" }).first()
  await stale.waitFor()
  await grey(await workbench().treeItem("Runs", "first-lost", "Running"))
  await workbench().screenshot("afterwards-place-lost")

  door.mend()
  await stale.waitFor({ state: "detached" })
  await workbench().treeItem("Runs", "first-lost", "Succeeded")
  await open("lost.second-lost.0")
  await workbench().treeItem("Runs", "lost", "Succeeded", "2/2")
  await startedOnce("lost")
})

test("an engine that lives and does not answer is told of, and a new one goes on with the run", async () => {
  const { page } = workbench()
  await start("silent")
  await podRuns("silent.first-silent.0")
  await workbench().showView("Runs")
  await unfold("silent", "Running")
  await workbench().treeItem("Runs", "first-silent", "Running")

  engine.stop()
  await open("silent.first-silent.0")
  await jobEnded("silent.first-silent.0")
  const warning = page.locator(".notifications-toasts .notification-list-item", {
    hasText: "has not answered since",
  })
  // It is given some time to answer in.
  await warning.waitFor({ timeout: 90_000 })
  const stale = page.locator(".pane .monaco-list-row", { hasText: "not connected since" }).first()
  await stale.waitFor()
  await grey(await workbench().treeItem("Runs", "first-silent", "Running"))
  await workbench().screenshot("afterwards-engine-silent")

  await warning.getByRole("button", { name: "Start It Anew" }).click()
  await stale.waitFor({ state: "detached" })
  await workbench().treeItem("Runs", "first-silent", "Succeeded")
  await workbench().treeItem("Runs", "second-silent", "Running")
  await workbench().screenshot("afterwards-engine-anew")
  await open("silent.second-silent.0")
  await workbench().treeItem("Runs", "silent", "Succeeded", "2/2")
  await startedOnce("silent")
})

/** Writes a spec, with names of its own, of two tasks that wait until they are let go, and runs it. */
async function start(name: string): Promise<void> {
  writeFileSync(join(workbench().folder, `${name}.yaml`), specOf(name))
  await workbench().openFile(`${name}.yaml`)
  await workbench().clickLens("Run")
}

const specOf = (name: string) => `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: ${name}
spec:
  tasks:
    - name: first-${name}
      type: Job
      image: busybox
      commandSet: ["${gate}"]
    - name: second-${name}
      type: Job
      image: busybox
      commandSet: ["${gate}"]
      dependents:
        - { target: first-${name}, type: whole }
`

async function podOf(job: string, ...only: readonly string[]): Promise<string> {
  const selector = ["-l", `job-name=${job}`, "-o", "name", ...only]
  return (await cluster.kubectl("get", "pods", "-n", namespace.name, ...selector)).stdout
}

function podRuns(job: string): Promise<unknown> {
  return until(`a pod of "${job}" runs`, async () => {
    return (await podOf(job, "--field-selector=status.phase=Running")).trim() !== ""
  })
}

/** Lets a step go on. */
function open(job: string): Promise<void> {
  return openGate(cluster, namespace.name, job)
}

async function jobs(): Promise<readonly Job[]> {
  const path = `/apis/batch/v1/namespaces/${namespace.name}/jobs`
  return (await cluster.api.get<{ items: readonly Job[] }>(path)).items
}

function jobEnded(name: string): Promise<unknown> {
  return until(`"${name}" has ended`, async () => {
    const job = (await jobs()).find(({ metadata }) => metadata.name === name)
    return job?.status.conditions?.some(({ type, status }) => {
      return type === "Complete" && status === "True"
    })
  })
}

async function startedOnce(run: string): Promise<void> {
  const names = (await jobs()).map(({ metadata }) => metadata.name)
  const own = names.filter((name) => name.startsWith(`${run}.`)).sort()
  assert.deepEqual(own, [`${run}.first-${run}.0`, `${run}.second-${run}.0`])
}

interface Job {
  readonly metadata: { readonly name: string }
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

/** Resolves once a row has the colour of what is not known any more. */
function grey(row: Locator): Promise<void> {
  return row.locator('[class*="monaco-decoration-itemColor"]').first().waitFor()
}

async function unfold(...words: readonly string[]): Promise<void> {
  const row = await workbench().treeItem("Runs", ...words)
  if ((await row.getAttribute("aria-expanded")) !== "true") await row.click()
  await row.and(workbench().page.locator("[aria-expanded=true]")).waitFor()
}

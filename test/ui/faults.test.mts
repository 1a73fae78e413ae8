import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { parse, stringify } from "yaml"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { logInAs } from "../cluster/logins.mts"
import { type Door, openDoor } from "./openDoor.mts"
import { useWorkbench } from "./useWorkbench.mts"

const folder = mkdtempSync(join(tmpdir(), "faults-"))
const kubeconfig = join(folder, "config")
let cluster: Cluster
let namespace: Namespace
let door: Door

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  await installExecutions(cluster)
  namespace = await cluster.namespace("ui-faults")
  door = await openDoor(new URL(clusterOf(readGood()).server))
  return {
    workspace: "test/fixtures/execution",
    settings: { "kubeExecutions.namespace": namespace.name, "kubeExecutions.run.confirm": "never" },
    env: { KUBECONFIG: kubeconfig },
  }
})
after(async () => {
  door?.close()
  await namespace?.remove()
  cluster?.close()
  rmSync(folder, { recursive: true })
})

test("no kubeconfig: a sentence, and a button that chooses one", async () => {
  const { page } = workbench()
  await page.locator(".activitybar a[aria-label^='Kube Executions']").waitFor()
  await workbench().showView("Runs")
  await says("No kubeconfig was found on this machine", "Choose a Kubeconfig…")
  await page
    .locator(".pane-header", { hasText: `"${kubeconfig}" is not there` })
    .first()
    .waitFor()
  await workbench().screenshot("fault-no-kubeconfig")
})

test("a kubeconfig that cannot be read: the button leads to the line", async () => {
  const { page } = workbench()
  writeFileSync(kubeconfig, "apiVersion: v1\nclusters:\n  - name: [\nusers: }\n")
  await tryAgain()
  await says("The kubeconfig cannot be read", "Open the Kubeconfig")
  await page.locator(".pane-header", { hasText: "config, line 4" }).first().waitFor()
  await workbench().screenshot("fault-broken")
  await page.getByRole("button", { name: "Open the Kubeconfig" }).click()
  await page.locator(".tab.active", { hasText: "config" }).waitFor()
})

test("a login plug-in is asked for by its command line, and what it fails of is said", async () => {
  const { page } = workbench()
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "false", args: ["login"] }
  write({ exec: { ...exec, interactiveMode: "Never" } })
  await workbench().runCommand("Kube Executions: Try Again")
  const question = page.locator(".monaco-dialog-box", { hasText: "starts a program" })
  await question.filter({ hasText: "false login" }).waitFor()
  await workbench().screenshot("fault-plugin-asks")
  await question.getByRole("button", { name: "Cancel" }).click()
  await says("starts a program that you have not allowed", "Ask Again")
  await page.getByRole("button", { name: "Ask Again" }).click()
  await question.getByRole("button", { name: "Start It" }).click()
  await says("The login plug-in of the kubeconfig asked for a login or failed", "Show Output")
  await workbench().screenshot("fault-plugin")
})

test("a login that the cluster does not accept", async () => {
  write({ token: "expired" })
  await tryAgain()
  await says("Your login to the cluster has expired", "Try Again")
  await workbench().screenshot("fault-expired")
})

test("whoever may not see runs is told so, and can copy the role that would help", async () => {
  write({ token: await logInAs(cluster, namespace.name, []) })
  await tryAgain()
  await says("You may not see runs in this namespace", "Copy the Role")
  await workbench().screenshot("fault-forbidden")
  await workbench().page.getByRole("button", { name: "Copy the Role" }).first().click()
  await workbench().notification('binds "kube-executions-user" to you')
})

test("a cluster that cannot be reached is tried again by itself", async () => {
  door.cut()
  write({})
  await tryAgain()
  await says("The cluster cannot be reached; it is tried again by itself", "Try Now")
  await workbench().screenshot("fault-unreachable")
  door.mend()
  await says("No run yet. Open a spec and choose Run.", "Open an Example")
})

test("an API server that is gone for a minute: said within 5 s, nothing lost, back by itself", async () => {
  const { page } = workbench()
  await workbench().openFile("diamond.yaml")
  await workbench().runCommand("Kube Executions: Run")
  await workbench().showView("Runs")
  await workbench().treeItem("Runs", "diamond", "Succeeded", "4/4")
  door.cut()
  const stale = page.locator(".pane .monaco-list-row", { hasText: "not connected since" })
  await stale.first().waitFor({ timeout: 5_000 })
  await workbench().treeItem("Runs", "diamond", "Succeeded", "4/4")
  await workbench().screenshot("stale")
  await page.waitForTimeout(60_000)
  door.mend()
  await stale.first().waitFor({ state: "detached", timeout: 60_000 })
  await workbench().treeItem("Runs", "diamond", "Succeeded", "4/4")
})

test("a window that is opened again in the middle of a run shows that it went on", async () => {
  const { page } = workbench()
  writeFileSync(join(workbench().folder, "slow.yaml"), slow)
  await workbench().openFile("slow.yaml")
  await workbench().runCommand("Kube Executions: Run")
  await workbench().showView("Runs")
  await workbench().treeItem("Runs", "slow", "Running")
  await page.reload()
  await page.locator(".activitybar a[aria-label^='Kube Executions']").waitFor()
  await workbench().showView("Runs")
  await workbench().treeItem("Runs", "slow", "Succeeded", "2/2")
})

const slow = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: slow
spec:
  tasks:
    - name: first
      type: Job
      image: busybox
      commandSet: ["sleep 8"]
    - name: second
      type: Job
      image: busybox
      commandSet: ["echo done"]
      dependents:
        - { target: first, type: whole }
`

async function tryAgain(): Promise<void> {
  await workbench().runCommand("Kube Executions: Try Again")
  await workbench().showView("Runs")
}

async function says(sentence: string, button: string): Promise<void> {
  const { page } = workbench()
  const view = page.locator(".welcome-view", { hasText: sentence })
  await view.first().waitFor()
  await view.getByRole("button", { name: button }).first().waitFor()
}

/** The test cluster's own kubeconfig with another user in it, and the door in front of its server. */
function write(user: object): void {
  const config = readGood()
  const [first] = config.users
  const server = `https://127.0.0.1:${door.port}`
  const clusters = config.clusters.map((one) => ({ ...one, cluster: { ...one.cluster, server } }))
  const users = Object.keys(user).length === 0 ? config.users : [{ ...first, user }]
  writeFileSync(kubeconfig, stringify({ ...config, clusters, users }))
}

interface Config {
  readonly clusters: readonly {
    readonly name: string
    readonly cluster: { readonly server: string }
  }[]
  readonly users: readonly { readonly name: string; readonly user: object }[]
}

function readGood(): Config {
  return parse(readFileSync(cluster.kubeconfig, "utf8")) as Config
}

function clusterOf({ clusters }: Config): { readonly server: string } {
  const [first] = clusters
  if (!first) throw new Error("The test cluster's kubeconfig names no cluster.")
  return first.cluster
}

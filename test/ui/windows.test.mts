import assert from "node:assert/strict"
import { after, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "../cluster/cluster.mts"
import { useWorkbench } from "./useWorkbench.mts"

let cluster: Cluster
let namespace: Namespace

const workbench = useWorkbench(async () => {
  cluster = await useCluster()
  namespace = await cluster.namespace("ui-windows")
  return {
    workspace: "test/fixtures/several",
    opens: "both.code-workspace",
    settings: {
      "kubeExecutions.namespace": namespace.name,
      "kubeExecutions.run.confirm": "never",
      "kubeExecutions.notify": "all",
    },
    env: { KUBECONFIG: cluster.kubeconfig },
  }
})
after(async () => {
  await namespace?.remove()
  cluster?.close()
})

test("of two folders with a file of one name, a run belongs to the file it was made from", async () => {
  const { page } = workbench()
  await workbench().openFile("two/hello.yaml")
  // The palette offers Run only once it is known that the file is one of ours.
  await page.locator(".monaco-editor .codelens-decoration", { hasText: "Plan" }).first().waitFor()
  await workbench().runCommand("Kube Executions: Run…")
  await workbench().notification('"hello" is done: 1 step in')
  const lens = page.locator(".monaco-editor .codelens-decoration", { hasText: "hello: ✓ 1/1" })
  await lens.first().waitFor()
  await workbench().screenshot("several-folders")
  const path = `/apis/execution.kubegene.io/v1alpha1/namespaces/${namespace.name}/executions/hello`
  const { metadata } = await cluster.api.get<Execution>(path)
  const source = JSON.parse(metadata.annotations["execution.kubegene.io/source"] ?? "null")
  assert.equal(source.file, "two/hello.yaml")

  await workbench().openFile("one/hello.yaml")
  await page
    .locator(".monaco-editor .view-line", { hasText: /hello\sfrom\sone/ })
    .first()
    .waitFor()
  await page.locator(".monaco-editor .codelens-decoration", { hasText: "Plan" }).first().waitFor()
  assert.equal(await lens.count(), 0)
})

test("a run that was over before the window opened leads back to its own file in its own folder", async () => {
  const { page } = workbench()
  await page.reload()
  await page.locator(".activitybar a[aria-label^='Kube Executions']").waitFor()
  await workbench().showView("Runs")
  const run = await workbench().treeItem("Runs", "hello", "Succeeded")
  if ((await run.getAttribute("aria-expanded")) !== "true") await run.click()
  const task = await workbench().treeItem("Runs", "greet", "Succeeded")
  await task.click()
  await workbench().runCommand("Kube Executions: Go to Its Line in the Spec")
  await page
    .locator(".monaco-editor .view-line", { hasText: /hello\sfrom\stwo/ })
    .first()
    .waitFor()
})

// The bed is VS Code's server with its workbench in a browser: the extension runs where the server
// is, on another machine than the window for all it knows, as over SSH or in a container.
test("in a remote window it is said whose kubeconfig is meant", async () => {
  const { page } = workbench()
  const place = page.locator(".statusbar-item", { hasText: `bed / ${namespace.name}` }).first()
  await place.hover()
  await page
    .locator(".monaco-hover, .workbench-hover", { hasText: "on the remote machine" })
    .first()
    .waitFor()
  await workbench().screenshot("remote-place")
})

interface Execution {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> }
}

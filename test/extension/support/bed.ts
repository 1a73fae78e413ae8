import { ok } from "node:assert/strict"
import { type TextDocument, Uri, window, workspace } from "vscode"
import { type Api, ApiError, connect } from "../../cluster/api.mts"

/** An Execution as far as these suites look at it. */
export interface Seen {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: {
    readonly until?: readonly string[]
    readonly resumeFrom?: { readonly name: string; readonly rerun?: readonly string[] }
  }
  readonly status?: {
    readonly phase?: string
    readonly finishedAt?: string | null
    readonly suspended?: object
    readonly stopped?: object
    readonly driver?: { readonly id: string }
    readonly vertices?: Readonly<
      Record<string, { readonly phase: string; readonly attempt?: number }>
    >
  }
}

export const namespace = process.env.KUBE_EXECUTIONS_TEST_NAMESPACE ?? ""

let api: Promise<Api> | undefined

/** The cluster that the editor under test was given. */
export function cluster(): Promise<Api> {
  const { KUBECONFIG } = process.env
  ok(KUBECONFIG, "the suites of the extension need a cluster")
  api ??= connect(KUBECONFIG)
  return api
}

export async function execution(name: string): Promise<Seen | undefined> {
  try {
    const { get } = await cluster()
    return await get<Seen>(
      `/apis/execution.kubegene.io/v1alpha1/namespaces/${namespace}/executions/${name}`,
    )
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}

/** Waits until the Execution is as wanted; the suite's own limit ends the wait. */
export async function untilExecution(
  name: string,
  isSo: (seen: Seen | undefined) => boolean,
): Promise<Seen | undefined> {
  for (;;) {
    const seen = await execution(name)
    if (isSo(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Waits until a pod of the run runs. */
export async function podRuns(name: string): Promise<void> {
  const { get } = await cluster()
  const selector = encodeURIComponent(`execution.kubegene.io/execution=${name}`)
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`
  for (;;) {
    const { items } = await get<{ items: readonly { status: { phase: string } }[] }>(path)
    if (items.some(({ status }) => status.phase === "Running")) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

export function ended(name: string): Promise<Seen | undefined> {
  return untilExecution(name, (seen) => Boolean(seen?.status?.finishedAt))
}

/** Waits until something is there. */
export async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Writes a spec into the workspace and shows it. */
export async function openSpec(name: string, text: string): Promise<TextDocument> {
  const folder = workspace.workspaceFolders?.[0]
  ok(folder, "the suites run in a workspace")
  const uri = Uri.joinPath(folder.uri, name)
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text))
  const document = await workspace.openTextDocument(uri)
  await window.showTextDocument(document)
  return document
}

/** A spec of tasks that each run one line after the other. */
export function specOf(name: string, tasks: Readonly<Record<string, string>>): string {
  const names = Object.keys(tasks)
  const lines = names.map((task, index) => {
    const before = names[index - 1]
    return [
      `    - name: ${task}`,
      "      type: Job",
      "      image: busybox",
      "      commandSet:",
      `        - ${tasks[task]}`,
      ...(before ? [`      dependents: [{ target: ${before}, type: whole }]`] : []),
    ].join("\n")
  })
  return `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: ${name}
spec:
  tasks:
${lines.join("\n")}
`
}

/** What the tree hands to a command: a row of a run, or of a step such as `a.0`. */
export function row(run: string, step?: string): object {
  const place = JSON.stringify(["kube", process.env.KUBECONFIG, "bed", namespace])
  if (step === undefined) return { kind: "run", place, run: { name: run } }
  return { kind: "step", place, run: { name: run }, step: { id: step } }
}

/** Waits until something that has to be asked for is so. */
export async function untilAsync(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 100))
}

/** The labels of all tabs in the window. */
export function tabs(): readonly string[] {
  return window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label))
}

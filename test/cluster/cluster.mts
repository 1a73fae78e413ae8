import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import path from "node:path"
import { type Api, connect } from "./api.mts"
import { programFolder } from "./built/build.mts"
import { layout } from "./built/layout.mts"
import { pidOf } from "./built/processes.mts"
import { kindRuns } from "./kind.mts"
import { Refusal } from "./refusal.mts"
import { findSource, type Source } from "./source.mts"

/** The cluster that all suites share. Each works in namespaces of its own. */
export interface Cluster {
  readonly kubeconfig: string
  readonly api: Api
  /** What a suite may rely on here. */
  readonly capabilities: Capabilities
  /** The API server's audit log, one JSON event a line, for suites that need "auditLog". */
  readonly auditLog: string
  /** Runs kubectl to its end, whatever its exit code. */
  kubectl(...commandLine: readonly string[]): Promise<Output>
  /** Makes a namespace with a name of its own; `remove` it when the suite is done. */
  namespace(suite: string): Promise<Namespace>
  close(): void
}

export interface Capabilities {
  /** The cluster is the tests' own: they may install and remove CRDs, webhooks, nodes, and disturb it. */
  readonly wholeCluster: boolean
  readonly auditLog: boolean
  /** Its node gets images that the bed makes of what was built here. */
  readonly ownImages: boolean
  /** Its node has the files of this machine, so a folder here can be a volume there. */
  readonly sharedFolders: boolean
}

const inWords = {
  wholeCluster: "a cluster to itself",
  auditLog: "an audit log",
  ownImages: "images made here",
  sharedFolders: "a node that has the folders of this machine",
}

export function capabilitiesOf({ kind }: Source): Capabilities {
  const own = kind !== "given"
  return {
    wholeCluster: own,
    auditLog: own,
    ownImages: kind === "built",
    sharedFolders: kind === "built",
  }
}

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Namespace {
  readonly name: string
  /** Answers when the deletion is accepted; the namespace empties by itself. */
  remove(): Promise<void>
}

/** On every namespace that a suite makes; its value is the suite's name. */
const suiteLabel = "bed.kube-executions/suite"

/**
 * Opens the running cluster; refuses, saying what to do, when there is none or when it lacks what the
 * suite needs.
 */
export async function useCluster(...needs: readonly (keyof Capabilities)[]): Promise<Cluster> {
  const source = await findSource()
  const capabilities = capabilitiesOf(source)
  const lacking = needs.filter((need) => !capabilities[need])
  if (lacking.length > 0) {
    throw new Refusal(
      `This suite needs ${lacking.map((need) => inWords[need]).join(" and ")}, and KUBECONFIG_TEST ` +
        'names a cluster that is not the tests\' own. Unset it; "npm run cluster -- up" makes one.',
    )
  }
  const { kubeconfig, programs } = await kubeconfigOf(source)
  const api = await connect(kubeconfig)
  return {
    kubeconfig,
    api,
    capabilities,
    auditLog: layout.auditLog,
    kubectl: (...commandLine) =>
      run(programs === undefined ? "kubectl" : path.join(programs, "kubectl"), commandLine, {
        ...process.env,
        KUBECONFIG: kubeconfig,
      }),
    namespace: async (suite) => {
      const name = `${suite}-${randomBytes(4).toString("hex")}`
      await api.create("/api/v1/namespaces", {
        metadata: { name, labels: { [suiteLabel]: suite } },
      })
      return { name, remove: () => api.remove(`/api/v1/namespaces/${name}`) }
    },
    close: () => api.close(),
  }
}

/** Removes the namespaces of suites that died, and of those that still run; answers how many. */
export async function removeLeftNamespaces(kubeconfig: string): Promise<number> {
  const api = await connect(kubeconfig)
  const { items } = await api.get<{ items: readonly { metadata: { name: string } }[] }>(
    `/api/v1/namespaces?labelSelector=${encodeURIComponent(suiteLabel)}`,
  )
  await Promise.all(items.map(({ metadata }) => api.remove(`/api/v1/namespaces/${metadata.name}`)))
  api.close()
  return items.length
}

/** The kubeconfig, and the folder with our own kubectl where we built one; refuses when nothing runs. */
export async function kubeconfigOf(
  source: Source,
): Promise<{ kubeconfig: string; programs: string | undefined }> {
  switch (source.kind) {
    case "given":
      return { kubeconfig: source.kubeconfig, programs: undefined }
    case "kind":
      if (!(await kindRuns()) || !existsSync(layout.kubeconfig)) throw notRunning()
      return { kubeconfig: layout.kubeconfig, programs: undefined }
    case "built":
      if (pidOf(layout, "kube-apiserver") === undefined) throw notRunning()
      return { kubeconfig: layout.kubeconfig, programs: programFolder() }
  }
}

const notRunning = (): Refusal =>
  new Refusal('No test cluster runs for this clone. "npm run cluster -- up" starts it.')

function run(
  command: string,
  commandLine: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      commandLine,
      { env, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") reject(error)
        else resolve({ code: child.exitCode ?? 0, stdout, stderr })
      },
    )
  })
}

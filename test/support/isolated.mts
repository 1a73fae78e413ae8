import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Run } from "./run.mts"

/**
 * The environment of a program under test: it must meet neither the user's engine nor the user's
 * clusters. Its cluster is the test bed's, or none.
 */
export function isolatedEnvironment(run: Run): Readonly<Record<string, string>> {
  const home = join(run.folder, "engine")
  mkdirSync(home, { recursive: true, mode: 0o700 })
  return { KUBE_EXECUTIONS_HOME: home, KUBECONFIG: testKubeconfig() ?? emptyKubeconfig(run) }
}

/** The kubeconfig of the cluster that suites may use, if there is one. */
export function testKubeconfig(): string | undefined {
  return process.env.KUBE_EXECUTIONS_KUBECONFIG || process.env.KUBECONFIG_TEST || undefined
}

function emptyKubeconfig(run: Run): string {
  const file = join(run.folder, "kubeconfig")
  writeFileSync(file, "apiVersion: v1\nkind: Config\n")
  return file
}

import { existsSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { KubeConfig } from "@kubernetes/client-node"
import { ClusterError } from "../clusterError.ts"

/**
 * Reads and merges kubeconfig files as kubectl does: `paths` is a list as in KUBECONFIG, files that
 * are not there are passed over, and of two entries with one name the first counts.
 */
export function loadKubeconfig(paths: string | undefined): KubeConfig {
  const named = kubeconfigFiles(paths)
  const files = named.filter((path) => existsSync(path))
  if (files.length === 0) {
    throw new ClusterError(
      "config",
      `No kubeconfig: ${named.map((path) => `"${path}"`).join(", ")} is not there. Set KUBECONFIG, or the setting kubeExecutions.kubeconfig.`,
      undefined,
      { fault: "no-kubeconfig" },
    )
  }
  const parts = files.map(readFile)
  const merged = new KubeConfig()
  merged.loadFromOptions({
    clusters: firstOfEachName(parts.flatMap((part) => part.clusters ?? [])),
    users: firstOfEachName(parts.flatMap((part) => part.users ?? [])),
    contexts: firstOfEachName(parts.flatMap((part) => part.contexts ?? [])),
    currentContext: parts.find((part) => part.currentContext)?.currentContext ?? "",
  })
  return merged
}

/** The files of a path list, whether they are there or not. */
export function kubeconfigFiles(paths: string | undefined): readonly string[] {
  return paths ? paths.split(delimiter).filter(Boolean) : [defaultKubeconfig()]
}

/** Of a pod: its service account, whose token is read again before it expires. */
export function inClusterKubeconfig(): KubeConfig {
  if (!process.env.KUBERNETES_SERVICE_HOST) {
    throw new ClusterError("config", "This is no pod of a cluster: name a kubeconfig.")
  }
  const config = new KubeConfig()
  config.loadFromCluster()
  return config
}

export function defaultKubeconfig(): string {
  return join(homedir(), ".kube", "config")
}

function readFile(path: string): KubeConfig {
  const config = new KubeConfig()
  try {
    const text = readFileSync(path, "utf8")
    // To kubectl an empty file is a kubeconfig with nothing in it.
    config.loadFromString(text.trim() === "" ? "{}" : text)
    config.makePathsAbsolute(dirname(path))
  } catch (error) {
    const line = lineOf(error)
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error)
    throw new ClusterError(
      "config",
      `The kubeconfig "${path}"${line === undefined ? "" : `, line ${line},`} cannot be read: ${why}`,
      undefined,
      { fault: "broken", file: path, ...(line === undefined ? {} : { line }) },
    )
  }
  return config
}

/** YAML errors carry a mark whose line counts from zero. */
function lineOf(error: unknown): number | undefined {
  const { mark } = (error ?? {}) as { mark?: { line?: unknown } }
  return typeof mark?.line === "number" ? mark.line + 1 : undefined
}

function firstOfEachName<T extends { name: string }>(all: readonly T[]): T[] {
  const byName = new Map<string, T>()
  for (const item of all) if (!byName.has(item.name)) byName.set(item.name, item)
  return [...byName.values()]
}

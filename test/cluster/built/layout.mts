import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"

/** Where one clone's cluster keeps everything, and the names it uses on the host. */
export interface Layout {
  readonly id: string
  readonly clone: string
  readonly folder: string
  readonly bridge: string
  readonly table: string
  readonly cgroup: string
  readonly kubeconfig: string
  readonly auditLog: string
}

/** What was chosen when the cluster was made; kept in its folder for the next start. */
export interface Choices {
  readonly clone: string
  readonly ports: Ports
  /** The first two numbers of the pods' and the services' /16. */
  readonly podRange: string
  readonly serviceRange: string
  readonly madeAt: string
}

export interface Ports {
  readonly api: number
  readonly etcd: number
  readonly etcdPeer: number
  readonly registry: number
  readonly kubelet: number
}

/** The root of the clone this file is in. */
export const clone = path.resolve(fileURLToPath(new URL("../../..", import.meta.url)))

/** The folder, outside every clone, that all clones of this user share. */
export const cache = path.join(
  process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"),
  "kube-executions",
  "cluster",
)

export const layout = layoutOf(clone)

export function layoutOf(someClone: string): Layout {
  const id = createHash("sha256").update(someClone).digest("hex").slice(0, 8)
  const folder = path.join(cache, "run", id)
  return {
    id,
    clone: someClone,
    folder,
    // A network interface's name has at most 15 characters.
    bridge: `kex${id}`,
    table: `kube_executions_${id}`,
    cgroup: `kube-executions-${id}`,
    kubeconfig: path.join(folder, "admin.kubeconfig"),
    auditLog: path.join(folder, "audit", "audit.log"),
  }
}

/** The clusters of all clones that have a folder in the cache, running or not. */
export function everyChoice(): readonly { readonly id: string; readonly choices: Choices }[] {
  const runs = path.join(cache, "run")
  return folders(runs).flatMap((id) => {
    const choices = readChoices(path.join(runs, id))
    return choices === undefined ? [] : [{ id, choices }]
  })
}

export function readChoices(folder: string): Choices | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, "choices.json"), "utf8")) as Choices
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
}

export function writeChoices(folder: string, choices: Choices): void {
  mkdirSync(folder, { recursive: true })
  const target = path.join(folder, "choices.json")
  writeFileSync(`${target}.new`, `${JSON.stringify(choices, null, 2)}\n`)
  renameSync(`${target}.new`, target)
}

export const nodeAddress = (choices: Choices): string => `${choices.podRange}.0.1`
export const serviceAddress = (choices: Choices): string => `${choices.serviceRange}.0.1`

function folders(parent: string): string[] {
  try {
    return readdirSync(parent)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []
    throw error
  }
}

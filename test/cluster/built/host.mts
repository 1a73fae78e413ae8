import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import type { Layout } from "./layout.mts"

// What kubelet and the bridge plugin change on the host, for all clusters at once.
const sysctls = [
  "net/ipv4/ip_forward",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
]

/** In /run, for it has the life of what it describes: both are gone after a reboot. */
const record = "/run/kube-executions/host.json"

interface Host {
  readonly sysctls: Readonly<Record<string, string>>
  readonly clusters: readonly string[]
}

/** Remembers what the kernel's settings were before the first cluster of this host. */
export function rememberHost({ id }: Layout): void {
  const host = readHost() ?? {
    sysctls: Object.fromEntries(sysctls.map((name) => [name, readSysctl(name)])),
    clusters: [],
  }
  writeHost({ ...host, clusters: [...new Set([...host.clusters, id])] })
}

/** Puts the settings back once the last cluster of this host is gone. */
export function restoreHost({ id }: Layout): void {
  const host = readHost()
  if (host === undefined) return
  const clusters = host.clusters.filter((other) => other !== id)
  if (clusters.length > 0) {
    writeHost({ ...host, clusters })
    return
  }
  for (const [name, value] of Object.entries(host.sysctls)) {
    if (readSysctl(name) !== value) writeFileSync(`/proc/sys/${name}`, value)
  }
  rmSync(record, { force: true })
}

/** The node's own cgroup must exist before kubelet starts, on cgroup v1 in each of the hierarchies. */
export function makeCgroups({ cgroup }: Layout): void {
  for (const root of hierarchies()) mkdirSync(path.join(root, cgroup), { recursive: true })
}

/** Removes the cluster's cgroups; the kernel may need a moment to let go of ended processes. */
export async function removeCgroups({ cgroup }: Layout): Promise<void> {
  for (const root of hierarchies()) {
    const folder = path.join(root, cgroup)
    const deadline = Date.now() + 10_000
    while (!removeTree(folder)) {
      if (Date.now() > deadline) throw new Error(`the cgroup ${folder} still holds processes`)
      await pause(20)
    }
  }
}

const cgroupRoot = "/sys/fs/cgroup"

function hierarchies(): string[] {
  const names = readdirSync(cgroupRoot)
  if (names.includes("cgroup.controllers")) return [cgroupRoot]
  return names.map((name) => path.join(cgroupRoot, name))
}

function removeTree(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !removeTree(path.join(folder, entry.name))) return false
    }
    rmdirSync(folder)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT") return true
    if (code === "EBUSY") return false
    throw error
  }
}

const readSysctl = (name: string): string => readFileSync(`/proc/sys/${name}`, "utf8").trim()

function readHost(): Host | undefined {
  try {
    return JSON.parse(readFileSync(record, "utf8")) as Host
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
}

function writeHost(host: Host): void {
  mkdirSync(path.dirname(record), { recursive: true })
  writeFileSync(record, `${JSON.stringify(host, null, 2)}\n`)
}

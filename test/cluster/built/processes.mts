import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { Refusal } from "../refusal.mts"
import type { Layout } from "./layout.mts"
import { toolPath } from "./shell.mts"

/** A long-lived process of the cluster: its name is also the name of its pid file and its log. */
export interface Component {
  readonly name: string
  readonly command: readonly string[]
}

/** The component whose child is the first process of the node's pid namespace. */
export const nodeComponent = "containerd"

interface Recorded {
  readonly pid: number
  /** Ticks since boot at which it started, and that boot: together with the pid they name one process. */
  readonly startedAt: string
  readonly boot: string
  /** Hash of the command line, to see that it runs with other settings than are wanted now. */
  readonly command: string
}

/** Set for everything we start, so that a process whose pid file was lost is found all the same. */
const marker = "KUBE_EXECUTIONS_CLUSTER"

// The process writes its own record before it becomes the component, so there is no moment at which
// it runs unrecorded, whenever the starter dies.
const recordThenRun = `ulimit -n 65536 2>/dev/null
printf '%s %s %s %s' "$$" "$(cut -d' ' -f22 /proc/$$/stat)" "$(cat /proc/sys/kernel/random/boot_id)" "$1" >"$0.new" &&
mv "$0.new" "$0" && shift && exec "$@"`

/** Starts the component unless it runs already with this very command; answers its pid if it was started. */
export async function ensure(layout: Layout, component: Component): Promise<number | undefined> {
  const hash = createHash("sha256").update(component.command.join("\0")).digest("hex").slice(0, 16)
  const running = find(layout, component.name)
  if (running?.command === hash) return undefined
  if (running !== undefined) await kill([running.pid])
  for (const folder of ["pids", "logs"]) {
    mkdirSync(path.join(layout.folder, folder), { recursive: true })
  }
  const log = openSync(logFile(layout, component.name), "a")
  const child = spawn(
    "sh",
    ["-c", recordThenRun, pidFile(layout, component.name), hash, ...component.command],
    {
      detached: true,
      cwd: "/",
      stdio: ["ignore", log, log],
      env: { PATH: toolPath, HOME: "/root", [marker]: layout.id },
    },
  )
  closeSync(log)
  child.unref()
  await once(child, "spawn")
  const { pid } = child
  // Until the record is there, whoever looks would take the component for dead.
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  while (!hasEnded() && readRecord(layout, component.name)?.pid !== pid) await pause(2)
  return pid
}

/** The pid of a component, if that very process is still alive. */
export function pidOf(layout: Layout, name: string): number | undefined {
  return find(layout, name)?.pid
}

/** Names of the components that have a pid file, alive or not. */
export function recordedNames(layout: Layout): string[] {
  try {
    return readdirSync(path.join(layout.folder, "pids")).filter((name) => !name.endsWith(".new"))
  } catch {
    return []
  }
}

/** Ends every process of this cluster, recorded or only marked, and answers how many there were. */
export async function endAll(layout: Layout): Promise<number> {
  const found = everyPid(layout)
  // First the first process of the node's pid namespace, which takes the others there with it while
  // those who wait for them outside still live: else the kernel is slow to clear the namespace, by 1 s.
  await kill(childrenOf(pidOf(layout, nodeComponent)))
  await kill(everyPid(layout))
  rmSync(path.join(layout.folder, "pids"), { recursive: true, force: true })
  return found.length
}

export const logFile = (layout: Layout, name: string): string =>
  path.join(layout.folder, "logs", `${name}.log`)

const pidFile = (layout: Layout, name: string): string => path.join(layout.folder, "pids", name)

/** The record of a component whose very process is still alive. */
function find(layout: Layout, name: string): Recorded | undefined {
  const record = readRecord(layout, name)
  if (record === undefined) return undefined
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
  const isAlive = record.boot === boot && startTicks(record.pid) === record.startedAt
  return isAlive ? record : undefined
}

function readRecord(layout: Layout, name: string): Recorded | undefined {
  try {
    const text = readFileSync(pidFile(layout, name), "utf8")
    const [pid, startedAt = "", boot = "", command = ""] = text.split(" ")
    return { pid: Number(pid), startedAt, boot, command }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
}

/** Undefined for a process that is gone or a zombie nobody has waited for yet. */
function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    // The program's name stands in brackets and may hold spaces; state is the first field after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return fields[0] === "Z" ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function everyPid(layout: Layout): number[] {
  const recorded = recordedNames(layout).flatMap((name) => pidOf(layout, name) ?? [])
  return [...new Set([...recorded, ...marked(layout.id)])]
}

function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number)
  } catch {
    return []
  }
}

function marked(id: string): number[] {
  const wanted = `${marker}=${id}`
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (!(pid > 0) || pid === process.pid) return false
      try {
        return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(wanted)
      } catch {
        return false
      }
    })
}

// SIGKILL at once: etcd runs without fsync, so the page cache holds what it wrote either way, and the
// node's processes share a pid namespace whose first process takes all the others with it.
async function kill(pids: readonly number[]): Promise<void> {
  const started = new Map(pids.map((pid) => [pid, startTicks(pid)]))
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL")
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
    }
  }
  const alive = (): boolean =>
    [...started].some(([pid, ticks]) => ticks !== undefined && startTicks(pid) === ticks)
  const deadline = Date.now() + 20_000
  while (alive()) {
    if (Date.now() > deadline) {
      throw new Refusal(`Processes ${pids.join(", ")} were killed 20 s ago and have not ended yet.`)
    }
    await pause(5)
  }
}

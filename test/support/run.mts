import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { runsFolder } from "./folders.mts"
import { type Identity, identify, isAlive } from "./identity.mjs"

/**
 * What one process of ours started, written down: a folder with its temporary files and the id of
 * every process group. The folder of a run inside a run is inside its folder. If the owner is
 * killed, a later `sweep` ends what is left.
 */
export interface Run {
  readonly folder: string
  /** Starts a process as the head of its own group. */
  start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess
  /** Ends the group of a process that this run started: asks first, then kills. */
  stop(child: ChildProcess, patienceMs?: number): Promise<void>
  /** Ends everything, what left its group included, and removes the folder. */
  close(): Promise<void>
}

/** What we start, and what that starts, carries its run's folder in the environment. */
const marker = "KUBE_EXECUTIONS_RUN"

/** With `takesDetached: false`, what leaves its group on purpose is not ended with the run. */
export function openRun({ takesDetached = true } = {}): Run {
  const parent = process.env[marker] || runsFolder
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  const folder = mkdtempSync(join(parent, "r-"))
  writeFileSync(join(folder, "owner.json"), JSON.stringify(identify(process.pid)))
  const children = new Map<ChildProcess, number>()
  const killAll = () => {
    for (const pid of children.values()) signalGroup(pid, "SIGKILL")
    for (const { pid } of marked(folder)) signal(pid, "SIGKILL")
    remove(folder)
  }
  process.on("exit", killAll)

  const stop = async (child: ChildProcess, patienceMs = 5000) => {
    const pid = children.get(child)
    if (pid === undefined) return
    await stopGroup(pid, patienceMs)
    children.delete(child)
    rmSync(join(folder, `${pid}.group`), { force: true })
  }
  return {
    folder,
    start(command, args, options) {
      const mark = takesDetached ? { [marker]: folder } : {}
      const env = { ...(options.env ?? process.env), ...mark }
      const child = spawn(command, args, { ...options, env, detached: true })
      if (child.pid !== undefined) {
        const identity = identify(child.pid)
        writeFileSync(join(folder, `${child.pid}.group`), JSON.stringify(identity ?? {}))
        children.set(child, child.pid)
      }
      return child
    },
    stop,
    async close() {
      await Promise.all([...children.keys()].map((child) => stop(child)))
      process.off("exit", killAll)
      killAll()
    },
  }
}

/** Ends what owners that were killed have left, and says what that was. */
export async function sweep(): Promise<readonly string[]> {
  const swept: string[] = []
  for (const folder of namesIn(runsFolder).map((name) => join(runsFolder, name))) {
    const owner = readIdentity(join(folder, "owner.json"))
    if (owner === undefined || isAlive(owner)) continue
    for (const file of namesIn(folder, { recursive: true })) {
      const head = file.endsWith(".group") ? readIdentity(join(folder, file)) : undefined
      if (head === undefined || !isOurs(head)) continue
      swept.push(`process group ${head.pid}`)
      await stopGroup(head.pid, 2000)
    }
    for (const { pid } of marked(folder)) {
      swept.push(`process ${pid}`)
      signal(pid, "SIGKILL")
    }
    remove(folder)
  }
  return swept
}

/**
 * Processes that carry the folder, or one inside it. Linux tells; elsewhere the groups must do. A
 * detached engine, for one, is in no group of ours.
 */
function marked(folder: string): readonly Identity[] {
  if (process.platform !== "linux") return []
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const variables = readFileSync(`/proc/${name}/environ`, "latin1").split("\0")
        const value = variables.find((one) => one.startsWith(`${marker}=`))
        if (!`${value}/`.startsWith(`${marker}=${folder}/`)) return []
        return identify(Number(name)) ?? []
      } catch {
        return []
      }
    })
}

/**
 * The head itself, or what is left of its group: a process id is not given out again while a group
 * of that id lives. `began` names the boot too.
 */
function isOurs(head: Identity): boolean {
  if (isAlive(head)) return true
  const boot = identify(process.pid)?.began.split(" ")[0]
  return head.began.split(" ")[0] === boot && identify(head.pid) === undefined
}

async function stopGroup(pid: number, patienceMs: number): Promise<void> {
  if (!signalGroup(pid, "SIGTERM")) return
  const end = Date.now() + patienceMs
  while (signalGroup(pid, 0)) {
    if (Date.now() > end) {
      signalGroup(pid, "SIGKILL")
      return
    }
    await wait(20)
  }
}

function signalGroup(pid: number, name: NodeJS.Signals | 0): boolean {
  return signal(-pid, name)
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch {
    return false
  }
}

function remove(folder: string): void {
  // A process that was killed a moment ago may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** Nothing where there is no such folder: another sweep may be removing it. */
function namesIn(
  folder: string,
  options: { readonly recursive?: boolean } = {},
): readonly string[] {
  try {
    return readdirSync(folder, { ...options, encoding: "utf8" })
  } catch {
    return []
  }
}

function readIdentity(file: string): Identity | undefined {
  try {
    const { pid, began } = JSON.parse(readFileSync(file, "utf8"))
    return typeof pid === "number" && typeof began === "string" ? { pid, began } : undefined
  } catch {
    return undefined
  }
}

import { createHash } from "node:crypto"
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { numberOf, objectOf, textOf } from "#core/plan/json"
import { ClusterError } from "../clusterError.ts"
import { breakLock, succeeds } from "../singleton.ts"
import { readJson, withRoom } from "./files.ts"
import { processBeginning } from "./processBeginning.ts"

/** A home folder may be shared by several machines, and images give several machines one id. */
export interface MachineIdentity {
  readonly id: string
  /** For people. */
  readonly name: string
}

export function thisMachine(): MachineIdentity {
  const name = hostname()
  const hash = createHash("sha256").update(`${name}\n${machineId()}`).digest("hex")
  return { id: hash.slice(0, 16), name }
}

/**
 * Takes the folder for this process, among those of this machine; answers how to give it back. Where
 * the engine's socket lies depends on the environment, so two engines of one user may live at once.
 */
export function holdFolder(folder: string, machine: MachineIdentity): () => void {
  const path = join(folder, `held.${machine.id}`)
  const mine = `${path}.${process.pid}`
  const beginning = processBeginning(process.pid)
  const text = JSON.stringify({ pid: process.pid, beginning, machine: machine.name })
  try {
    withRoom(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(mine, text, { mode: 0o600 })
    })
    // The link appears with its content, so nobody ever reads half of it.
    while (!succeeds(() => linkSync(mine, path), "EEXIST")) {
      const pid = holderOf(path)
      if (pid !== undefined) throw held(folder, pid, machine)
      breakLock(path)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  return () => {
    if (read(path) === text) rmSync(path, { force: true })
  }
}

/** The process that lives and has it. A number may belong to another process by now. */
function holderOf(path: string): number | undefined {
  const facts = objectOf(readJson(path))
  const pid = numberOf(facts.pid) ?? 0
  const beginning = processBeginning(pid)
  return beginning !== undefined && beginning === textOf(facts.beginning) ? pid : undefined
}

function held(folder: string, pid: number, { name }: MachineIdentity): ClusterError {
  return new ClusterError(
    "busy",
    `The runs of this machine are in the hands of another engine of yours, process ${pid} on "${name}", which holds "${folder}". Close the windows and terminals that use it, or end that process: what runs goes on without it. Two engines come of different settings of XDG_RUNTIME_DIR or TMPDIR.`,
  )
}

function machineId(): string {
  return read("/etc/machine-id")?.trim() ?? ""
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

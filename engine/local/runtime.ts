import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BoundMount } from "./bindMounts.ts"
import { bubblewrapCommand } from "./bubblewrap.ts"
import { containerCommand } from "./containerCommand.ts"
import type { ContainerPlan } from "./containerPlan.ts"

export type RuntimeKind = "docker" | "podman" | "bubblewrap"

/** How commands are run on this machine. */
export interface Runtime {
  readonly kind: RuntimeKind
  /** What people should know before they run here; undefined when nothing is different. */
  readonly caution: string | undefined
  /** Folders of this machine that commands may read in the sandbox; containers have none of them. */
  readonly readOnly: readonly string[]
  /** The command line of a container; `id` names it to the machine. */
  readonly command: (
    plan: ContainerPlan,
    mounts: readonly BoundMount[],
    id: string,
  ) => readonly string[]
  /** What is run after it has ended or was stopped, so that nothing stays. */
  readonly cleanUp: (id: string) => readonly string[] | undefined
}

/** The first that works: containers before the sandbox. */
export async function findRuntime(readOnly: readonly string[]): Promise<Runtime | undefined> {
  const kinds = ["docker", "podman", "bubblewrap"] as const
  for (const runtime of kinds.map((kind) => runtimeOf(kind, readOnly)))
    if (await runtimeWorks(runtime)) return runtime
  return undefined
}

/** Whether a command can be begun with it at all. */
export async function runtimeWorks(runtime: Runtime): Promise<boolean> {
  switch (runtime.kind) {
    case "docker":
      return works(["docker", "info"])
    case "podman":
      return podmanWorks()
    case "bubblewrap":
      if (process.platform !== "linux") return false
      // Without the listed folders: one that is not there says nothing of the sandbox.
      return works(bubblewrapCommand(probe, [], [], "probe"))
  }
}

/**
 * Podman has no service to ask: what it says of itself is right also where it cannot begin a container.
 * In an empty folder there is no program to begin, and only who comes as far as that says so (127).
 */
async function podmanWorks(): Promise<boolean> {
  if (!(await works(["podman", "info"]))) return false
  const folder = mkdtempSync(join(tmpdir(), "kube-executions-probe-"))
  const run = ["podman", "run", "--rm", "--network", "none", "--rootfs", folder, "/none"]
  try {
    return (await codeOf(run)) === 127
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function runtimeOf(kind: RuntimeKind, readOnly: readonly string[]): Runtime {
  return kind === "bubblewrap" ? bubblewrapRuntime(readOnly) : containerRuntime(kind, readOnly)
}

export function containerRuntime(
  kind: "docker" | "podman",
  readOnly: readonly string[] = [],
): Runtime {
  return {
    kind,
    caution: undefined,
    readOnly,
    command: (plan, mounts, id) => containerCommand(kind, plan, mounts, id),
    cleanUp: (id) => [kind, "rm", "--force", "--volumes", id],
  }
}

export function bubblewrapRuntime(readOnly: readonly string[]): Runtime {
  return {
    kind: "bubblewrap",
    caution:
      "Commands run with this machine's own programs: images are not used, and memory and CPU are not limited.",
    readOnly,
    command: (plan, mounts, id) => bubblewrapCommand(plan, mounts, readOnly, id),
    cleanUp: () => undefined,
  }
}

const probe: ContainerPlan = {
  name: "probe",
  isInit: false,
  image: "",
  command: ["true"],
  env: {},
  workingDir: undefined,
  mounts: [],
  memory: undefined,
  cpu: undefined,
}

const patienceMs = 10_000

async function works(command: readonly string[]): Promise<boolean> {
  return (await codeOf(command)) === 0
}

/** Null when it could not be started or took too long. */
function codeOf([program = "", ...args]: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", timeout: patienceMs })
    child.on("error", () => resolve(null))
    child.on("exit", resolve)
  })
}

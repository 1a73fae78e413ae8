import { spawn } from "node:child_process"
import { bubblewrapCommand } from "./bubblewrap.ts"
import { containerCommand } from "./containerCommand.ts"
import type { ContainerPlan } from "./containerPlan.ts"

export type RuntimeKind = "docker" | "podman" | "bubblewrap"

/** How commands are run on this machine. */
export interface Runtime {
  readonly kind: RuntimeKind
  /** What people should know before they run here; undefined when nothing is different. */
  readonly caution: string | undefined
  /** The command line of a container; `id` names it to the machine. */
  readonly command: (plan: ContainerPlan, id: string) => readonly string[]
  /** What is run after it has ended or was stopped, so that nothing stays. */
  readonly cleanUp: (id: string) => readonly string[] | undefined
}

/** The first that works: containers before the sandbox. */
export async function findRuntime(readOnly: readonly string[]): Promise<Runtime | undefined> {
  for (const kind of ["docker", "podman"] as const) {
    if (await works([kind, "info"])) return containerRuntime(kind)
  }
  if (process.platform !== "linux") return undefined
  const sandbox = bubblewrapRuntime(readOnly)
  return (await runtimeWorks(sandbox)) ? sandbox : undefined
}

/** Whether a command can be begun with it at all. */
export function runtimeWorks(runtime: Runtime): Promise<boolean> {
  return works(runtime.command(probe, "probe"))
}

export function containerRuntime(kind: "docker" | "podman"): Runtime {
  return {
    kind,
    caution: undefined,
    command: (plan, id) => containerCommand(kind, plan, id),
    cleanUp: (id) => [kind, "rm", "--force", "--volumes", id],
  }
}

export function bubblewrapRuntime(readOnly: readonly string[]): Runtime {
  return {
    kind: "bubblewrap",
    caution:
      "Commands run with this machine's own programs: images are not used, and memory and CPU are not limited.",
    command: (plan) => bubblewrapCommand(plan, readOnly),
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

function works([program = "", ...args]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", timeout: patienceMs })
    child.on("error", () => resolve(false))
    child.on("exit", (code) => resolve(code === 0))
  })
}

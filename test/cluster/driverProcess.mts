import path from "node:path"
import { root } from "../support/folders.mts"
import type { Run } from "../support/run.mts"

/** The program that drives runs inside a cluster, here as a process of this machine. */
export interface DriverProcess {
  readonly id: string
  readonly holder: string
  /** Everything it said. */
  said(): string
  /** As a node that goes down: no farewell. */
  kill(): Promise<void>
  /** As Kubernetes ends a pod: it is asked to. */
  end(): Promise<void>
  signal(name: "SIGSTOP" | "SIGCONT"): void
}

export interface DriverHow {
  readonly kubeconfig: string
  readonly namespace: string
  /** Two with one id are replicas: one of them drives. */
  readonly id: string
  readonly holder?: string
  readonly health?: number
}

/** Several may run at once, on one namespace or on many. They end with the run of processes. */
export function startDriverProcess(run: Run, how: DriverHow): DriverProcess {
  const { kubeconfig, namespace, id, holder = id, health = 0 } = how
  const program = path.join(root, "dist/driver.js")
  const options = ["--kubeconfig", kubeconfig, "-n", namespace, "--id", id]
  const child = run.start(process.execPath, [program, ...options, "--health", String(health)], {
    env: { ...process.env, POD_NAME: holder },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let said = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: Buffer) => {
      said += text
    })
  }
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve())
  })
  return {
    id,
    holder,
    said: () => said,
    kill: async () => {
      child.kill("SIGKILL")
      await exited
    },
    end: async () => {
      child.kill("SIGTERM")
      await exited
    },
    signal: (name) => {
      child.kill(name)
    },
  }
}

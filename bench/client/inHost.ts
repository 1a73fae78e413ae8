import { writeFileSync } from "node:fs"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { commands, extensions } from "vscode"
import type { HostFigures, LoopDelays } from "../client.mts"

const measuredSeconds = 10
const resolutionMs = 5
const tasks = 10

/** Called by VS Code in its extension host. */
export async function run(): Promise<void> {
  const extension = extensions.getExtension("kube-executions.kube-executions")
  if (!extension) throw new Error("VS Code does not know the extension.")
  await extension.activate()
  const { load, activate } = timesOf(globalThis)
  // How much of it is the machine's own: nothing of ours goes on yet.
  const idle = await delays(measuredSeconds)
  await commands.executeCommand("kubeExecutions.openExample", "hello.yaml")
  await commands.executeCommand("kubeExecutions.runs.focus")
  await pause(3_000)
  await commands.executeCommand("kubeExecutions.showRun", "bench", "big")
  await pause(3_000)
  // Unfolded from the last to the first: what is above stays where it is.
  for (let task = 0; task < tasks; task++) await commands.executeCommand("list.focusDown")
  for (let task = 0; task < tasks; task++) {
    await commands.executeCommand("list.expand")
    await commands.executeCommand("list.focusUp")
  }
  await pause(3_000)
  const busy = await delays(measuredSeconds)
  await commands.executeCommand("list.collapseAll")
  const figures: HostFigures = { load, activate, idle, busy }
  const results = process.env.KUBE_EXECUTIONS_RESULTS
  if (results === undefined) throw new Error("Nobody said where the figures go.")
  writeFileSync(results, JSON.stringify(figures))
}

/** What the wrapper of client.mts measured: VS Code may have activated the extension before us. */
function timesOf(host: object): Pick<HostFigures, "load" | "activate"> {
  const { benchActivation } = host as { benchActivation?: Pick<HostFigures, "load" | "activate"> }
  if (!benchActivation) throw new Error("The extension was not loaded through the wrapper.")
  return benchActivation
}

async function delays(seconds: number): Promise<LoopDelays> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  const before = process.cpuUsage()
  const from = Date.now()
  delay.enable()
  await pause(seconds * 1_000)
  delay.disable()
  const { user, system } = process.cpuUsage(before)
  const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  const cpu = (user + system) / 1e6 / seconds
  const [longest, p99, mean] = [ms(delay.max), ms(delay.percentile(99)), ms(delay.mean)]
  return { longest, p99, mean, cpu, span: { from, to: Date.now() } }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

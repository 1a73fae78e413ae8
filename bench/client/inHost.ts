import { writeFileSync } from "node:fs"
import { commands, extensions, languages, window, workspace } from "vscode"
import type { HostFigures, LoopDelays } from "../client.mts"

const measuredSeconds = 10
const resolutionMs = 5
const tasks = 10

/** Called by VS Code in its extension host. */
export async function run(): Promise<void> {
  const extension = extensions.getExtension("kube-executions.kube-executions")
  if (!extension) throw new Error("VS Code does not know the extension.")
  await extension.activate()
  const times = timesOf(globalThis)
  // How much of it is the machine's own: nothing of ours goes on yet.
  const idle = await delays(measuredSeconds)
  const [big] = await workspace.findFiles("big.yaml")
  if (!big) throw new Error("The workspace lacks big.yaml.")
  await window.showTextDocument(big)
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
  const problems = languages.getDiagnostics(big).length
  await commands.executeCommand("list.collapseAll")
  const figures: HostFigures = { ...times, idle, busy, problems }
  const results = process.env.KUBE_EXECUTIONS_RESULTS
  if (results === undefined) throw new Error("Nobody said where the figures go.")
  writeFileSync(results, JSON.stringify(figures))
}

type Times = Pick<HostFigures, "load" | "activate" | "activateWork">

/** What the wrapper of client.mts measured: VS Code may have activated the extension before us. */
function timesOf(host: object): Times {
  const { benchActivation } = host as { benchActivation?: Times }
  if (!benchActivation) throw new Error("The extension was not loaded through the wrapper.")
  return benchActivation
}

/**
 * Looks every few milliseconds how late it is, and how much of that was work of this thread: on a
 * machine that is busy with others a loop is late also when it has nothing to do.
 */
async function delays(seconds: number): Promise<LoopDelays> {
  const late: number[] = []
  let work = 0
  const before = process.cpuUsage()
  const from = Date.now()
  let [then, worked] = [performance.now(), threadMs()]
  const timer = setInterval(() => {
    const [now, busy] = [performance.now(), threadMs()]
    late.push(Math.max(0, now - then - resolutionMs))
    work = Math.max(work, busy - worked)
    ;[then, worked] = [now, busy]
  }, resolutionMs)
  await pause(seconds * 1_000)
  clearInterval(timer)
  const { user, system } = process.cpuUsage(before)
  const cpu = (user + system) / 1e6 / seconds
  const sorted = late.toSorted((a, b) => a - b)
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0
  const mean = late.reduce((sum, one) => sum + one, 0) / late.length
  return { longest: sorted.at(-1) ?? 0, work, p99, mean, cpu, span: { from, to: Date.now() } }
}

/** Where Node cannot tell of one thread, all of the process: never less. */
function threadMs(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage }
  const { user, system } = threadCpuUsage?.call(process) ?? process.cpuUsage()
  return (user + system) / 1_000
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

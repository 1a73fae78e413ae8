import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { runTests } from "@vscode/test-electron"
import { build } from "esbuild"
import { root } from "../test/support/folders.mts"
import { isolatedEnvironment } from "../test/support/isolated.mts"
import { openRun } from "../test/support/run.mts"
import { chooseEditor } from "../test/support/vscode/editor.mts"
import { bigSpec } from "./client/bigSpec.mts"

/** What the extension host measured, in milliseconds. */
export interface HostFigures {
  readonly activate: number
  /** The thread's own work in it. */
  readonly activateWork: number
  readonly load: number
  /** Before anything of ours goes on. */
  readonly idle: LoopDelays
  readonly busy: LoopDelays
  /** How many the text shows at the end. */
  readonly problems: number
}

export interface LoopDelays {
  /** Between two looks, what was too much. */
  readonly longest: number
  /** The most that the thread itself worked between two looks. */
  readonly work: number
  readonly p99: number
  readonly mean: number
  /** Of one processor. */
  readonly cpu: number
  readonly span: Span
}

/** From when to when, by the machine's clock. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What the engine's stand-in told in a span of time. */
export interface Told {
  readonly changes: number
  readonly ms: number
  /** The most bytes that the client had left untaken: what it cannot keep up with would pile up here. */
  readonly waiting: number
}

/**
 * The extension in a real VS Code, while an engine's stand-in tells of a run whose 10,000 steps change
 * 500 times a second, a quarter of them having failed; the tree shows it unfolded, and its text of
 * 10,000 lines is open with what became of each task beside it. Needs a build.
 */
export async function benchClient(print: (line: string) => void): Promise<boolean> {
  const run = openRun()
  const suites = join(root, ".tsbuild", `bench-client-${process.pid}`)
  const environment = isolatedEnvironment(run)
  const engine = fork(join(root, "bench/client/fakeEngine.mts"), {
    execPath: process.execPath,
    execArgv: ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"],
    env: { ...process.env, ...environment },
  })
  try {
    await once(engine, "message")
    await build({
      absWorkingDir: root,
      entryPoints: [join(root, "bench/client/inHost.ts")],
      outdir: suites,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node22",
      external: ["vscode"],
      logLevel: "warning",
    })
    const workspace = join(run.folder, "workspace")
    mkdirSync(workspace)
    writeFileSync(join(workspace, "big.yaml"), bigSpec(10, 1_000))
    const editor = await chooseEditor((line) => print(`VS Code: ${line}`))
    const results = join(run.folder, "figures.json")
    await runTests({
      vscodeExecutablePath: editor.executable,
      extensionDevelopmentPath: timedExtension(join(run.folder, "extension")),
      extensionTestsPath: join(suites, "inHost.js"),
      extensionTestsEnv: { ...environment, KUBE_EXECUTIONS_RESULTS: results },
      launchArgs: [
        workspace,
        `--user-data-dir=${join(run.folder, "user")}`,
        `--extensions-dir=${join(run.folder, "extensions")}`,
      ],
    })
    const figures: HostFigures = JSON.parse(readFileSync(results, "utf8"))
    const told = once(engine, "message")
    engine.send(figures.busy.span)
    const [amount] = await told
    return report(figures, amount, print)
  } finally {
    engine.kill()
    rmSync(suites, { recursive: true, force: true })
    await run.close()
  }
}

/** The extension as it ships, its program behind one that looks at the clock. */
function timedExtension(folder: string): string {
  mkdirSync(folder)
  for (const name of ["dist", "media", "deploy", "package.nls.json"]) {
    symlinkSync(join(root, name), join(folder, name))
  }
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const timed = { ...manifest, main: "./timed.js" }
  writeFileSync(join(folder, "package.json"), JSON.stringify(timed))
  writeFileSync(join(folder, "timed.js"), timer)
  return folder
}

const timer = `
const began = performance.now()
const { activate } = require("./dist/extension.js")
const load = performance.now() - began
exports.activate = (context) => {
  const start = performance.now()
  const before = (process.threadCpuUsage ?? process.cpuUsage).call(process)
  const result = activate(context)
  const after = (process.threadCpuUsage ?? process.cpuUsage).call(process)
  const work = (after.user + after.system - before.user - before.system) / 1000
  globalThis.benchActivation = { load, activate: performance.now() - start, activateWork: work }
  return result
}
`

/** Both are of the thread's own work: what others on the machine take from it is shown above. */
const mostActivateMs = 30
const mostBlockedMs = 50

const wantedChanges = 500
/** A clock that looks every 50 ms misses a little at both ends. */
const tolerated = 0.99
const mostWaitingBytes = 1_000_000

function report(figures: HostFigures, told: Told, print: (line: string) => void): boolean {
  const { activate, activateWork, load, idle, busy, problems } = figures
  const changes = (told.changes / told.ms) * 1000
  const row = (name: string, value: number, most?: number) =>
    print(`${name.padEnd(44)}${value.toFixed(1).padStart(8)} ms${most ? `   at most ${most}` : ""}`)
  print(`10,000 steps, each task unfolded; ${changes.toFixed(0)} steps change a second`)
  print(`the text is open, with ${problems} problems of the run in it`)
  print(`told and not yet taken, at most: ${(told.waiting / 1000).toFixed(0)} kB`)
  row("activate()", activate)
  row("activate(): its own work", activateWork, mostActivateMs)
  row("loading the bundle before it", load)
  row("loop, nothing going on: longest block", idle.longest)
  row("loop, nothing going on: its own work in one", idle.work)
  row("loop, nothing going on: 99 of 100 under", idle.p99)
  row("loop, while steps change: longest block", busy.longest)
  row("loop, while steps change: its own work in one", busy.work, mostBlockedMs)
  row("loop, while steps change: 99 of 100 under", busy.p99)
  row("loop, while steps change: mean delay", busy.mean)
  print(
    `extension host's processor: ${(idle.cpu * 100).toFixed(0)} %, then ${(busy.cpu * 100).toFixed(0)} %`,
  )
  return (
    activateWork <= mostActivateMs &&
    busy.work <= mostBlockedMs &&
    changes >= wantedChanges * tolerated &&
    problems > 0 &&
    told.waiting <= mostWaitingBytes
  )
}

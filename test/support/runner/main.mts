// npm test -- [--install] [STAGE…]
import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { root } from "../folders.mts"
import { openRun, sweep } from "../run.mts"
import { parseArguments } from "./arguments.mts"
import { describe, isGood, type Report } from "./report.mts"
import { releaseCluster } from "./sharedCluster.mts"
import type { Context, Stage } from "./stages.mts"

const wanted = parseArguments(process.argv.slice(2))
for (const what of await sweep()) console.log(`ended what an earlier run had left: ${what}`)

const run = openRun()
const context: Context = { run, logs: makeLogsFolder(), env: {} }
let stopping: Promise<never> | undefined
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => stop(signal))
}
// Whoever started us may be killed without a word; then nobody waits for an answer.
const parent = process.ppid
setInterval(() => process.ppid !== parent && stop("the end of its parent"), 1000).unref()

const reports: Report[] = []
try {
  for (const stage of wanted) reports.push(await runStage(stage))
} finally {
  await stopping
  await run.close()
  await releaseCluster()
}
// Nothing is said after this: its last line is the sum.
console.log(`\n${describe(reports, context.logs)}`)
process.exit(isGood(reports) ? 0 : 1)

async function runStage(stage: Stage): Promise<Report> {
  const lacking = reports.find(
    ({ stage: { name }, outcome }) =>
      stage.needs.includes(name) && (outcome.kind === "not run" || outcome.failures.length > 0),
  )
  if (lacking !== undefined) {
    const missing = `stage "${lacking.stage.name}"`
    const how = lacking.outcome.kind === "not run" ? "see there" : "it failed: see above"
    return { stage, seconds: 0, outcome: { kind: "not run", missing, how } }
  }
  console.log(`\n── ${stage.name}: ${stage.what}`)
  const started = performance.now()
  const outcome = await stage.run(context)
  if (stopping !== undefined) await stopping
  return { stage, seconds: (performance.now() - started) / 1000, outcome }
}

function stop(why: string): void {
  stopping ??= (async () => {
    console.log(`\nstopped by ${why}; ending what was started`)
    await run.close()
    await releaseCluster()
    process.exit(130)
  })()
}

/** One for each run, so that two at once do not mix; the last five are kept. */
function makeLogsFolder(): string {
  const all = join(root, ".logs")
  mkdirSync(all, { recursive: true })
  const old = readdirSync(all)
    .filter((name) => /^\d{4}-/.test(name))
    .sort()
  for (const name of old.slice(0, -4)) rmSync(join(all, name), { recursive: true, force: true })
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "")
  const folder = join(all, `${time}-${process.pid}`)
  mkdirSync(folder)
  return folder
}

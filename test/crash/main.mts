// npm run crash -- [points] [faults] [--from K] [--every N] [--rounds N] [--at-once N] [--row TEXT]…
import { parseArgs } from "node:util"
import { Refusal } from "../cluster/refusal.mts"
import { crashPoints, type Sweep, type Swept } from "./crashPoints.mts"
import { moments } from "./fault.mts"
import { faults } from "./faults/all.mts"
import { playFaults } from "./playFaults.mts"
import { inWorld } from "./world.mts"

const help = `Proves that nothing gets lost, with the API server's audit log as the judge.

  npm run crash                 everything
  npm run crash -- points       a run of 30 steps; its engine is killed with its k-th request, before and after
                                that is carried out, for every k, and another engine goes on
      --from K                  the first request (1)
      --every N                 only every so many-th (1)
      --rounds N                so many of them, and not all that there are
      --at-once N               rounds side by side (6)
  npm run crash -- faults       each fault that a cluster and a network have for an engine, at four moments:
                                before and after a Job is created, before and after status is written
      --row TEXT                only faults whose name has this in it; may be said again

A killed engine must make no difference: each step's Job once, and the same end.
`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      from: { type: "string", default: "1" },
      every: { type: "string", default: "1" },
      rounds: { type: "string", default: "100000" },
      "at-once": { type: "string", default: "6" },
      row: { type: "string", multiple: true, default: [] },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const unknown = positionals.find((part) => part !== "points" && part !== "faults")
  if (unknown !== undefined) {
    process.stderr.write(`There is no part "${unknown}": there are points and faults.\n`)
    process.exitCode = 2
    return
  }
  // The exit ends what was started, which is in no group of ours.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => process.exit(130))
  }
  const wants = (part: string) => positionals.length === 0 || positionals.includes(part)
  const sweep = {
    from: Number(values.from),
    every: Number(values.every),
    rounds: Number(values.rounds),
    atOnce: Number(values["at-once"]),
  }
  if (wants("points") && !(await points(sweep))) process.exitCode = 1
  if (wants("faults") && !(await rows(values.row, sweep.atOnce))) process.exitCode = 1
}

async function rows(names: readonly string[], atOnce: number): Promise<boolean> {
  const chosen = faults.filter((fault) => {
    return names.length === 0 || names.some((name) => fault.name.includes(name))
  })
  const all = await inWorld((world) =>
    playFaults(world, chosen, atOnce, ({ fault, moment, wrong, seconds }) => {
      const when = `${moment.side} the engine could ${moment.kind}`
      const how = wrong === undefined ? `right (${seconds.toFixed(0)} s)` : `WRONG\n${wrong}`
      process.stdout.write(`${fault.name}, ${when}: ${how}\n`)
    }),
  )
  const wrong = all.filter((one) => one.wrong !== undefined)
  process.stdout.write(
    `${chosen.length} faults at ${moments.length} moments: ${all.length - wrong.length} as it should be, ${wrong.length} not\n`,
  )
  return wrong.length === 0 && all.length > 0
}

async function points(sweep: Sweep): Promise<boolean> {
  const began = performance.now()
  const all = await inWorld((world) => crashPoints(world, sweep, tell))
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  const right = all.filter(({ outcome }) => outcome.kind === "right")
  const wrong = all.filter(({ outcome }) => outcome.kind === "wrong")
  const reached = right.length + wrong.length
  for (const [of, count] of Map.groupBy(right, ({ point, outcome }) => {
    return outcome.kind === "right" ? `killed ${point.side} it could ${outcome.of}` : ""
  })) {
    process.stdout.write(`  ${of}: ${count.length}\n`)
  }
  const last = Math.max(0, ...right.map(({ point }) => point.call))
  process.stdout.write(
    `${reached} crash points up to request ${last}: ${right.length} at the right end, ${wrong.length} not (${seconds} s)\n`,
  )
  return wrong.length === 0 && reached > 0
}

function tell({ point, outcome }: Swept): void {
  const { call, side } = point
  const what = outcome.kind === "wrong" ? `WRONG\n${outcome.why}` : outcome.kind
  const of = "of" in outcome && outcome.of !== undefined ? ` (${outcome.of})` : ""
  process.stdout.write(`request ${call}, ${side}${of}: ${what}\n`)
}

main().catch((error: unknown) => {
  const words = error instanceof Refusal ? error.message : error
  process.stderr.write(`${words instanceof Error ? words.stack : words}\n`)
  process.exitCode = 1
})

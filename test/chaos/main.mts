// npm run chaos -- [--from SEED] [--rounds N] [--at-once N]
import { parseArgs } from "node:util"
import { useCluster } from "../cluster/cluster.mts"
import { installExecutions } from "../cluster/installExecutions.mts"
import { Refusal } from "../cluster/refusal.mts"
import { openRun } from "../support/run.mts"
import { inWords } from "./blows.mts"
import { playRound, type Round } from "./round.mts"

const help = `Two drivers at once move runs of real pods, and are killed, asked to end and stopped at random.

  npm run chaos               200 rounds; a round is its seed, so it can be played again
      --from SEED             the first round (1)
      --rounds N              how many (200)
      --at-once N             rounds side by side (4)

Each run has to come to its right end, with each step's Job once, a status that says what the API server
says, no Job that works on after the end of its run, and nothing left once it is deleted; and no run may
change hands later than 90 s after the last sign of life. The judge is the API server's audit log.
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      from: { type: "string", default: "1" },
      rounds: { type: "string", default: "200" },
      "at-once": { type: "string", default: "4" },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const first = Number(values.from)
  const seeds = Array.from({ length: Number(values.rounds) }, (_, index) => first + index)
  const rounds: Round[] = []
  // The exit ends what was started, which is in no group of ours.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      sumUp(rounds)
      process.exit(130)
    })
  }
  const bed = await useCluster("auditLog")
  const processes = openRun()
  try {
    await installExecutions(bed)
    const work = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const round = await playRound(bed, processes, seed)
        rounds.push(round)
        tell(round)
      }
    }
    await Promise.all(Array.from({ length: Number(values["at-once"]) }, work))
  } finally {
    await processes.close()
    bed.close()
  }
  sumUp(rounds)
  const isProof = rounds.some(({ blows }) => blows.length > 0)
  if (!isProof || rounds.some(({ wrong }) => wrong !== undefined)) process.exitCode = 1
}

function tell({ seed, blows, takeOvers, wrong, seconds }: Round): void {
  const hands = takeOvers.map((one) => `${one.seconds.toFixed(1)} s`).join(", ") || "none"
  const how = wrong === undefined ? "right" : `WRONG\n${wrong}\n`
  const what = blows.map(inWords).join("; ") || "no blow landed before the end"
  process.stdout.write(
    `round ${seed} (${what}; take-overs: ${hands}; ${seconds.toFixed(0)} s): ${how}\n`,
  )
}

function sumUp(rounds: readonly Round[]): void {
  const wrong = rounds.filter((round) => round.wrong !== undefined)
  const count = rounds.reduce((sum, { takeOvers }) => sum + takeOvers.length, 0)
  // Where both died at once, there was nobody for a while who could have taken over.
  const [alone, spared] = [true, false].map((isAlone) => {
    const some = rounds.filter(({ blows }) => isAlone === blows.some(({ whom }) => whom.length > 1))
    const seconds = some.flatMap(({ takeOvers }) => takeOvers.map((one) => one.seconds))
    return seconds.length === 0 ? "none" : `${Math.max(...seconds).toFixed(1)} s`
  })
  const idle = rounds.filter(({ blows }) => blows.length === 0).length
  process.stdout.write(
    `${rounds.length} rounds: ${rounds.length - wrong.length} right, ${wrong.length} not; in ${idle} no blow landed; ${count} take-overs, the longest after the last sign of life: ${spared}; where both drivers had died at once: ${alone}\n`,
  )
}

main().catch((error: unknown) => {
  const words = error instanceof Refusal ? error.message : error
  process.stderr.write(`${words instanceof Error ? words.stack : words}\n`)
  process.exitCode = 1
})

import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { playRound } from "../chaos/round.mts"
import { openRun } from "../support/run.mts"
import { type Cluster, useCluster } from "./cluster.mts"
import { installExecutions } from "./installExecutions.mts"

let bed: Cluster
const processes = openRun()

before(async () => {
  bed = await useCluster("auditLog")
  await installExecutions(bed)
})

after(async () => {
  await processes.close()
  bed?.close()
})

// "npm run chaos" plays two hundred.
suite("two drivers at once that are killed at random", { concurrency: true }, () => {
  for (const seed of [1, 4]) {
    test(`round ${seed}: every run right, status equal to the facts, nothing left`, async () => {
      const { wrong, takeOvers } = await playRound(bed, processes, seed)
      assert.equal(wrong, undefined)
      for (const { seconds } of takeOvers) console.log(`taken over after ${seconds.toFixed(1)} s`)
    })
  }
})

import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { crashAt } from "../crash/crashPoint.mts"
import { openWorld } from "../crash/world.mts"

let world: Awaited<ReturnType<typeof openWorld>>

before(async () => {
  world = await openWorld()
})

after(async () => {
  await world?.close()
})

/** Every run makes at least so many requests; how many more depends on what it is told together. */
const least = 50
/** Hardly a run makes more. */
const most = 70

// "npm run crash" does so with every request.
suite("an engine that is killed makes no difference,", { concurrency: 4 }, () => {
  for (let call = 1; call < most; call += 10) {
    for (const side of ["before", "after"] as const) {
      test(`${side} its request ${call} is carried out`, async () => {
        const outcome = await crashAt(world, { call, side })
        if (outcome.kind === "wrong") assert.fail(outcome.why)
        if (call <= least) assert.equal(outcome.kind, "right")
      })
    }
  }
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { crashPoints } from "../crash/crashPoints.mts"
import { inWorld } from "../crash/world.mts"

// "npm run crash" does so with every request.
test("an engine that is killed with every tenth request makes no difference", async () => {
  const sweep = { from: 5, every: 10, rounds: 100, atOnce: 5 }
  const all = await inWorld((world) => crashPoints(world, sweep, () => {}))
  const wrong = all.flatMap(({ point, outcome }) => {
    return outcome.kind === "wrong" ? [`${point.side} request ${point.call}: ${outcome.why}`] : []
  })
  assert.deepEqual(wrong, [])
  const reached = all.filter(({ outcome }) => outcome.kind === "right")
  assert.ok(reached.length >= 10, `only ${reached.length} engines were killed`)
})

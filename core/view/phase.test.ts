import { expect, test } from "vitest"
import { phaseLooks, type ViewPhase, viewPhases, worstPhase } from "./phase.ts"

const table: readonly [Partial<Record<ViewPhase, number>>, ViewPhase][] = [
  [{ succeeded: 3, failed: 1, running: 2 }, "failed"],
  [{ succeeded: 3, stopped: 1 }, "stopped"],
  [{ succeeded: 3, queued: 1, running: 1 }, "running"],
  [{ waiting: 3 }, "waiting"],
  [{ succeeded: 1, waiting: 3 }, "running"],
  [{ succeeded: 1, "not-started": 3 }, "not-started"],
  [{ succeeded: 1, reused: 3 }, "succeeded"],
  [{ reused: 3 }, "reused"],
  [{ skipped: 2 }, "skipped"],
]

test.each(table)("%j together are %s", (byPhase, phase) => {
  expect(worstPhase({ total: 4, isTotalKnown: true, byPhase })).toBe(phase)
})

test("colour is never the only sign: word and sign tell the ends apart", () => {
  const ends = ["succeeded", "reused", "failed", "skipped", "stopped"] as const
  expect(new Set(ends.map((phase) => phaseLooks[phase].sign)).size).toBe(ends.length)
  expect(new Set(viewPhases.map((phase) => phaseLooks[phase].word)).size).toBe(viewPhases.length)
})

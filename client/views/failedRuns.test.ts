import { expect, test } from "vitest"
import type { PlaceState } from "#engine/protocol"
import { FailedRuns } from "./failedRuns.ts"

function memory() {
  const kept = new Map<string, unknown>()
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, other?: T) => (kept.has(key) ? (kept.get(key) as T) : (other as T)),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  }
}

function place(...runs: readonly [name: string, phase: string][]): readonly PlaceState[] {
  const listed = runs.map(([name, phase]) => ({ name, phase }))
  return [{ place: { id: "p" }, runs: listed, plain: [] } as unknown as PlaceState]
}

test("what had failed before anybody looked at the place is old; what fails then counts once", () => {
  const failed = new FailedRuns(memory())
  expect(failed.unseen(place(["old", "failed"]))).toBe(0)
  const now = place(["old", "failed"], ["new", "failed"], ["good", "succeeded"])
  expect(failed.unseen(now)).toBe(1)
  failed.look("p", "new")
  expect(failed.unseen(now)).toBe(0)
})

test("a run that is tried again and fails again counts again", () => {
  const failed = new FailedRuns(memory())
  failed.unseen(place(["e", "failed"]))
  failed.unseen(place(["e", "running"]))
  expect(failed.unseen(place(["e", "failed"]))).toBe(1)
})

test("another window knows what was looked at in the first", () => {
  const kept = memory()
  const first = new FailedRuns(kept)
  first.unseen(place())
  first.unseen(place(["e", "failed"]))
  first.look("p", "e")
  expect(new FailedRuns(kept).unseen(place(["e", "failed"], ["f", "failed"]))).toBe(1)
})

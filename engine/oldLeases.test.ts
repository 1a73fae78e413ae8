import { expect, test } from "vitest"
import type { Lease } from "./cluster.ts"
import { OldLeases } from "./oldLeases.ts"

const hour = 3_600_000
const leases = (...list: readonly (readonly [id: string, version: string])[]) =>
  new Map(
    list.map(([id, version]): [string, Lease] => {
      return [`gene/${id}`, { key: `gene/${id}`, kind: "cluster", holder: id, version }]
    }),
  )

test("a Lease that stood still for a day of our own is old, and one that moved is not", () => {
  const old = new OldLeases()
  old.look(leases(["dead", "1"], ["alive", "1"]), 0)
  expect(old.look(leases(["dead", "1"], ["alive", "2"]), 23 * hour)).toEqual([])
  const found = old.look(leases(["dead", "1"], ["alive", "2"]), hour)
  expect(found.map(({ key }) => key)).toEqual(["gene/dead"])
  // Who may not delete it does not ask each time.
  expect(old.look(leases(["dead", "1"], ["alive", "3"]), hour)).toEqual([])
})

test("one that was gone in between begins anew", () => {
  const old = new OldLeases()
  old.look(leases(["a", "1"]), 0)
  old.look(leases(), 23 * hour)
  old.look(leases(["a", "1"]), hour)
  expect(old.look(leases(["a", "1"]), hour)).toEqual([])
})

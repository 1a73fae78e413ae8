import { expect, test } from "vitest"
import { type Claim, deadAfterMs, readClaim, type Standing, standing, writeClaim } from "./claim.ts"

const here = { kind: "local", id: "ann-1", name: "ann on lab" } as const
const inCluster = { kind: "cluster", id: "pod-1", name: "pod-1" } as const
const others = { kind: "cluster", id: "pod-2", name: "pod-2", isLeased: true } as const
const bob: Claim = { kind: "local", id: "bob-1", name: "bob on den", isLeased: true }

type Row = readonly [
  rule: string,
  self: typeof here | typeof inCluster,
  wanted: string | undefined,
  claim: Claim | undefined,
  stillMs: number | undefined,
  answer: Standing,
]

const rows: readonly Row[] = [
  ["a run without a word is for the cluster", inCluster, undefined, undefined, 0, "free"],
  ["and not for an engine of a machine", here, undefined, undefined, 0, "not-for-us"],
  ["an empty word is no word", here, "", undefined, 0, "not-for-us"],
  ["a run for the cluster is for the cluster", inCluster, "cluster", undefined, 0, "free"],
  ["a run of a machine is for its engine", here, "ann-1", undefined, 0, "free"],
  ["and for no other engine", here, "bob-1", undefined, 0, "not-for-us"],
  ["nor for the cluster", inCluster, "ann-1", undefined, 0, "not-for-us"],
  [
    "what is ours is ours at once, however long we were away",
    here,
    "ann-1",
    { ...here, isLeased: true },
    9e9,
    "ours",
  ],
  ["a Lease that moves keeps others away", inCluster, "cluster", others, 0, "another's"],
  ["until it is dead", inCluster, "cluster", others, deadAfterMs - 1, "another's"],
  ["a dead driver's run is taken", inCluster, "cluster", others, deadAfterMs, "dead"],
  [
    "where no Lease can be seen nobody is dead",
    inCluster,
    "cluster",
    others,
    undefined,
    "another's",
  ],
  ["a person's choice counts at once, whoever had the run", here, "ann-1", others, 0, "free"],
  ["in the other direction too", inCluster, "cluster", bob, 0, "free"],
  [
    "a dead driver is no matter of those who may not drive",
    inCluster,
    "bob-1",
    bob,
    9e9,
    "not-for-us",
  ],
]

test.each(rows)("%s", (_rule, self, wanted, claim, stillMs, answer) => {
  expect(standing({ self, wanted, claim, stillMs })).toBe(answer)
})

test("a claim is read as it was written, and one without an id is none", () => {
  for (const claim of [others, bob, { ...bob, isLeased: false }]) {
    expect(readClaim(writeClaim(claim))).toEqual(claim)
  }
  expect(readClaim({ name: "somebody" })).toBeUndefined()
  expect(readClaim(null)).toBeUndefined()
})

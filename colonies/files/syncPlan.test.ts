import { describe, expect, it } from "vitest"
import { folderBelow, labelBelow, normalLabel, safeName } from "./labels.ts"
import { planTotals, syncPlan } from "./syncPlan.ts"

const file = (name: string, checksum: string, size = 1) => ({ name, checksum, size })
const stored = (name: string, checksum: string, size?: number) => ({
  ...file(name, checksum, size),
  s3filename: `${name}-${checksum}`,
})

describe("a sync plan", () => {
  it("uploads what is only here, downloads what is only there, and names what differs", () => {
    const plan = syncPlan(
      "data/",
      new Map([["", [file("b", "1"), file("a", "1"), file("same", "s"), file("both", "x", 5)]]]),
      new Map([["/data", [stored("c", "1"), stored("same", "s"), stored("both", "y", 7)]]]),
      true,
    )
    expect(plan.folders).toEqual([
      {
        label: "/data",
        folder: "",
        uploads: [file("a", "1"), file("b", "1")],
        downloads: [stored("c", "1")],
        conflicts: [{ local: file("both", "x", 5), remote: stored("both", "y", 7) }],
      },
    ])
    expect(planTotals(plan)).toEqual({ uploads: 2, downloads: 1, conflicts: 1, bytes: 3 + 5 })
    expect(planTotals({ ...plan, keepLocal: false }).bytes).toBe(3 + 7)
  })

  it("makes each folder a label of its own, on both sides", () => {
    const plan = syncPlan(
      "/d",
      new Map([
        ["", []],
        ["x/y", [file("f", "1")]],
      ]),
      new Map([["/d/new", [stored("g", "1")]]]),
      false,
    )
    expect(plan.folders.map(({ label, folder }) => [label, folder])).toEqual([
      ["/d/new", "new"],
      ["/d/x/y", "x/y"],
    ])
  })

  it("has no work when both sides are equal", () => {
    const both = [stored("a", "1")]
    expect(syncPlan("/d", new Map([["", both]]), new Map([["/d", both]]), true).folders).toEqual([])
  })

  it("never writes outside of its folder, whatever others called their files", () => {
    const plan = syncPlan(
      "/d",
      new Map(),
      new Map([
        ["/d/../etc", [stored("passwd", "1")]],
        ["/elsewhere", [stored("a", "1")]],
        ["/d", [stored("../up", "1"), stored("a/b", "1"), stored("..", "1"), stored("good", "1")]],
      ]),
      false,
    )
    expect(plan.folders.flatMap(({ downloads }) => downloads)).toEqual([stored("good", "1")])
    expect(plan.refused).toEqual(["/d/../etc", "/elsewhere", "/d/../up", "/d/a/b", "/d/.."])
  })
})

describe("a label", () => {
  it.each([
    ["a", "/a"],
    ["/a/", "/a"],
    ["//a/b//", "/a/b"],
    ["", "/"],
  ])("%s is kept as %s", (label, normal) => expect(normalLabel(label)).toBe(normal))

  it("and its folder lead to each other", () => {
    for (const [root, folder] of [
      ["/d", "x/y"],
      ["/", "x"],
      ["/d", ""],
    ] as const) {
      expect(folderBelow(root, labelBelow(root, folder))).toBe(folder)
    }
    expect(folderBelow("/d", "/dd")).toBeUndefined()
  })

  it("is no way out for a name", () => {
    expect(["a", "a b", ".hidden", "…"].map(safeName)).toEqual(["a", "a b", ".hidden", "…"])
    expect(["", ".", "..", "a/b", "a\\b", "\0"].map(safeName)).toEqual(Array(6).fill(undefined))
  })
})

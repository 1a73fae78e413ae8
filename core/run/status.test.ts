import { expect, test } from "vitest"
import { readStatus, writeStatus } from "./status.ts"

/** As KubeGene's documentation prints it. */
const published = {
  finishedAt: "2018-10-15T07:47:52Z",
  message: "execution has run successfully",
  phase: "Succeeded",
  startedAt: "2018-10-15T07:47:47Z",
  vertices: {
    "test-exec.a.0": {
      children: ["test-exec.b.0", "test-exec.c.0"],
      finishedAt: null,
      id: "test-exec.a.0",
      message: "success",
      name: "test-exec.a.0",
      phase: "Succeeded",
      startedAt: null,
      type: "",
    },
    "test-exec.d.0": {
      finishedAt: null,
      id: "test-exec.d.0",
      message: "success",
      name: "test-exec.d.0",
      phase: "Succeeded",
      startedAt: null,
      type: "",
    },
  },
}

test("a status that KubeGene wrote comes out as it went in", () => {
  expect(writeStatus(readStatus(published))).toEqual(published)
})

test("a status of ours comes out as it went in, fields of others included", () => {
  const ours = {
    ...published,
    phase: "Failed",
    progress: "1/2+",
    observedWishes: ["w1"],
    suspended: { by: "anna", at: "2026-11-20T14:00:00Z" },
    stopped: { by: "anna", at: "2026-11-20T14:00:00Z" },
    attempts: { "a.0": 2 },
    resumed: { from: "e-1", runsAgain: { a: "the image changed" } },
    driver: { id: "d", lease: "l" },
    vertices: {
      "e.a.0": {
        id: "e.a.0",
        name: "e.a.0.r2",
        type: "Job",
        phase: "Reused",
        message: "m",
        startedAt: "2026-11-20T14:00:00Z",
        finishedAt: "2026-11-20T14:00:01Z",
        releasedAt: "2026-11-20T14:00:00Z",
        children: ["e.b."],
        attempt: 2,
        stepHash: "v1-0",
        result: "",
      },
    },
  }
  expect(writeStatus(readStatus(ours))).toEqual(ours)
})

test("what makes no sense counts as absent", () => {
  const status = readStatus({
    phase: "Flying",
    vertices: { x: null, y: { phase: 3, children: "no" } },
    attempts: { a: "b" },
    observedWishes: [1, "w"],
  })
  expect(status.phase).toBe("")
  expect(status.vertices.get("y")).toMatchObject({ phase: "", children: [], attempt: 1 })
  expect([status.attempts, status.observedWishes]).toEqual([{ a: 1 }, ["w"]])
  expect(readStatus(undefined).vertices.size).toBe(0)
})

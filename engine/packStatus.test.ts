import { isDeepStrictEqual } from "node:util"
import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { hashText } from "#core/plan/hash"
import { objectOf } from "#core/plan/json"
import { readStatus } from "#core/run/status"
import { packStatus, unpackStatus } from "./packStatus.ts"

/** A run of so many steps, the phase of each by its number. */
const statusOf = (count: number, phase: (index: number) => string) => ({
  phase: "Running",
  message: "execution is running",
  driver: { id: "d" },
  vertices: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `run.fan.${index}`,
      {
        id: `run.fan.${index}`,
        name: `run.fan.${index}`,
        type: "Job",
        phase: phase(index),
        message: "the step has ended",
        startedAt: "2026-01-01T10:00:00Z",
        finishedAt: "2026-01-01T10:00:01Z",
        stepHash: `v1-${hashText(String(index)).slice(0, 16)}`,
      },
    ]),
  ),
})

/** Of 10,000 steps with hashes that look like hashes. */
const largest = 161 * 1024

const bytes = (value: unknown) => JSON.stringify(value).length

test("a status that fits is written as it is", () => {
  const status = statusOf(300, () => "Succeeded")
  expect(packStatus(status)).toBe(status)
  expect(unpackStatus(status)).toBe(status)
})

test("10,000 steps fit; those that are not over or failed stay readable", () => {
  const status = statusOf(10_000, (index) =>
    index === 7 ? "Failed" : index > 9_900 ? "Running" : "Succeeded",
  )
  const packed = packStatus(status)
  expect(bytes(status)).toBeGreaterThan(2_000_000)
  expect(bytes(packed)).toBeLessThan(largest)
  expect(Object.keys(objectOf(packed.vertices))).toHaveLength(100)
  expect(objectOf(packed.vertices)["run.fan.7"]).toBeDefined()
  expect(packed.driver).toEqual({ id: "d" })
  expect(isDeepStrictEqual(unpackStatus(packed), status)).toBe(true)
  expect(readStatus(unpackStatus(packed)).vertices.size).toBe(10_000)
})

test("10,000 steps that all run at once fit too, and so do as many failures", () => {
  for (const phase of ["Running", "Failed"]) {
    const status = statusOf(10_000, (index) => (index === 0 ? "Failed" : phase))
    const packed = packStatus(status)
    expect(bytes(packed)).toBeLessThan(largest)
    expect(isDeepStrictEqual(unpackStatus(packed), status)).toBe(true)
  }
})

test("of 10,000 steps those that run are packed too where they would make it too large", () => {
  const status = statusOf(10_000, (index) =>
    index === 7 ? "Failed" : index > 9_800 ? "Running" : "Succeeded",
  )
  const packed = packStatus(status)
  expect(bytes(packed)).toBeLessThan(largest)
  expect(Object.keys(objectOf(packed.vertices))).toEqual(["run.fan.7"])
  expect(isDeepStrictEqual(unpackStatus(packed), status)).toBe(true)
  const smaller = packStatus(statusOf(5_000, (index) => (index > 4_800 ? "Running" : "Succeeded")))
  expect(Object.keys(objectOf(smaller.vertices))).toHaveLength(199)
})

test("a step that failed stays readable in the largest run", () => {
  const status = statusOf(15_000, (index) =>
    index === 7 ? "Failed" : index > 14_900 ? "Running" : "Succeeded",
  )
  const packed = packStatus(status)
  expect(Object.keys(objectOf(packed.vertices))).toEqual(["run.fan.7"])
  expect(isDeepStrictEqual(unpackStatus(packed), status)).toBe(true)
})

test("what was packed row by row can be read", () => {
  const row = { phase: "Succeeded", startedAt: "2026-01-01T10:00:00Z" }
  const packedVertices = gzipSync(JSON.stringify({ "run.a.0": row })).toString("base64")
  expect(unpackStatus({ phase: "Running", packedVertices, vertices: {} })).toEqual({
    phase: "Running",
    vertices: { "run.a.0": { id: "run.a.0", name: "run.a.0", type: "Job", ...row } },
  })
})

test("what follows a step is kept until the step is over, and no longer", () => {
  const { vertices, ...rest } = statusOf(2_000, (index) =>
    index < 1_000 ? "Running" : "Succeeded",
  )
  const withChildren = Object.entries(vertices).map(([key, vertex]) => [
    key,
    { ...vertex, children: ["run.merge.0"] },
  ])
  const packed = packStatus({ ...rest, vertices: Object.fromEntries(withChildren) })
  const { vertices: read } = readStatus(unpackStatus(packed))
  expect(read.get("run.fan.7")?.children).toEqual(["run.merge.0"])
  expect(read.get("run.fan.1007")?.children).toEqual([])
})

test("what stands readable is newer than what is packed, and nonsense is no fault", () => {
  const packed = packStatus(statusOf(10_000, () => "Succeeded"))
  const later = { ...packed, vertices: { "run.fan.3": { phase: "Failed" } } }
  expect(objectOf(unpackStatus(later).vertices)["run.fan.3"]).toEqual({ phase: "Failed" })
  expect(unpackStatus({ phase: "Running", packedVertices: "H4sI" })).toEqual({ phase: "Running" })
})

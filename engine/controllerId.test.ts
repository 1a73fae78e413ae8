import { expect, test } from "vitest"
import { controllerId } from "./controllerId.ts"

test("a controller for every namespace is another driver than one for the namespace it is in", () => {
  expect(controllerId("lab", false)).toBe("kube-executions-controller")
  expect(controllerId("lab", true)).not.toBe(controllerId("lab", false))
  // Its name is that of a Lease.
  expect(controllerId("lab", true)).toMatch(/^[a-z0-9.-]+$/)
})

test("two installations for every namespace are two drivers, and the replicas of one are one", () => {
  expect(controllerId("a", true)).not.toBe(controllerId("b", true))
  expect(controllerId("a", true)).toBe(controllerId("a", true))
})

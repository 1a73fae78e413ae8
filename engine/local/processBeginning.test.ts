import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, test } from "vitest"
import { processBeginning } from "./processBeginning.ts"

test.each(["/proc", "/nowhere"])("one process has one beginning, by way of %s", async (proc) => {
  const child = spawn("sleep", ["60"])
  const pid = child.pid ?? 0
  const beginning = processBeginning(pid, proc)
  expect(beginning).toMatch(/^\S+$/)
  expect(processBeginning(pid, proc)).toBe(beginning)
  const ended = once(child, "exit")
  child.kill()
  await ended
  expect(processBeginning(pid, proc)).toBeUndefined()
})

test("what is no process of ours to look at has none", () => {
  expect(processBeginning(0)).toBeUndefined()
  expect(processBeginning(Number.NaN)).toBeUndefined()
})

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { breakLock, takeLock } from "./singleton.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

test("a lock is had by one at a time and can be taken again after it was given back", () => {
  const lock = join(folder, "engine.lock")
  const giveBack = takeLock(lock)
  expect(giveBack).toBeDefined()
  expect(takeLock(lock)).toBeUndefined()
  giveBack?.()
  expect(takeLock(lock)).toBeDefined()
})

test("the lock of an engine that died is taken over", () => {
  const lock = join(folder, "engine.lock")
  writeFileSync(lock, "4194305")
  expect(takeLock(lock)).toBeDefined()
})

test("a broken lock leaves no file behind, and breaking none is no error", () => {
  const lock = join(folder, "engine.lock")
  writeFileSync(lock, "not a number")
  breakLock(lock)
  breakLock(lock)
  expect(readdirSync(folder)).toEqual([])
})

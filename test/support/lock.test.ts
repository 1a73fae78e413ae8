import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { identify } from "./identity.mjs"
import { withLock } from "./lock.mjs"

const lock = () => join(mkdtempSync(join(tmpdir(), "kx-lock-")), "lock")

test("the second waits, says so once, and runs when the first is done", async () => {
  const path = lock()
  const said: string[] = []
  const work = (name: string) =>
    withLock(
      path,
      async () => {
        said.push(`${name} begins`)
        await new Promise(setImmediate)
        said.push(`${name} ends`)
      },
      () => said.push(`${name} waits`),
    )
  const first = work("first")
  await new Promise<void>((done) => {
    const look = () => (said.length > 0 ? done() : setImmediate(look))
    look()
  })
  await Promise.all([first, work("second")])
  const order = said.filter((line) => !line.endsWith("waits"))
  expect(order).toEqual(["first begins", "first ends", "second begins", "second ends"])
  expect(existsSync(path)).toBe(false)
})

test("a lock whose owner died is free", async () => {
  const path = lock()
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"])
  writeFileSync(path, JSON.stringify(identify(child.pid ?? 0)))
  child.kill("SIGKILL")
  await once(child, "exit")
  expect(await withLock(path, async () => "mine now")).toBe("mine now")
})

test("a lock whose owner's id belongs to another process by now is free", async () => {
  const path = lock()
  writeFileSync(path, JSON.stringify({ pid: process.pid, began: "at another time" }))
  expect(await withLock(path, async () => "mine now")).toBe("mine now")
})

test("a lock is given back when the work fails", async () => {
  const path = lock()
  await expect(withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no")
  expect(existsSync(path)).toBe(false)
})

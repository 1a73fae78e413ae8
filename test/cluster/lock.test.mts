import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { test } from "node:test"
import { withLock } from "./lock.mts"

const nobodyWaits = (sentence: string): void => assert.fail(`waited: ${sentence}`)

test("work under one lock never overlaps, and who waits is told what for", async () => {
  const name = `test-${process.pid}-overlap`
  const told: string[] = []
  let inside = 0
  const work = async (): Promise<void> => {
    inside++
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(inside, 1)
    inside--
  }
  const tell = (sentence: string): void => void told.push(sentence)
  await Promise.all(
    ["first", "second", "third"].map((purpose) => withLock({ name, purpose, tell }, work)),
  )
  assert.ok(told.length > 0)
  assert.match(told[0] ?? "", /^waits for another process: first \(process \d+\)$/)
})

test("a lock is free again when its holder throws", async () => {
  const name = `test-${process.pid}-throws`
  const options = { name, purpose: "throws", tell: nobodyWaits }
  await assert.rejects(
    withLock(options, () => Promise.reject(new Error("on purpose"))),
    /on purpose/,
  )
  await withLock(options, async () => {})
})

test("a lock is free again when its holder is killed", async () => {
  const name = `test-${process.pid}-killed`
  const script = `
    const { withLock } = await import(${JSON.stringify(new URL("lock.mts", import.meta.url).href)})
    await withLock({ name: "${name}", purpose: "holds", tell() {} }, async () => {
      console.log("holds")
      await new Promise((resolve) => setTimeout(resolve, 600_000))
    })`
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  await once(holder.stdout, "data")
  const told: string[] = []
  const waiting = withLock(
    {
      name,
      purpose: "waits",
      tell: (sentence) => {
        told.push(sentence)
        holder.kill("SIGKILL")
      },
    },
    async () => "got it",
  )
  assert.equal(await waiting, "got it")
  assert.equal(told.length, 1)
})

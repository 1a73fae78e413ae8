import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { afterEach, beforeEach, suite, test } from "node:test"
import { until } from "../until.mts"
import { type Layout, layoutOf } from "./layout.mts"
import { endAll, ensure, pidOf } from "./processes.mts"

suite("processes", () => {
  let layout: Layout
  const sleeper = { name: "sleeper", command: ["sleep", "600"] }
  const recordFile = (): string => path.join(layout.folder, "pids", "sleeper")

  beforeEach(() => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "kube-executions-"))
    layout = { ...layoutOf(folder), folder }
  })

  afterEach(async () => {
    await endAll(layout)
    rmSync(layout.folder, { recursive: true })
  })

  test("a component that runs is not started twice", async () => {
    const pid = await ensure(layout, sleeper)
    assert.equal(await ensure(layout, sleeper), undefined)
    assert.equal(pidOf(layout, "sleeper"), pid)
  })

  test("a component whose command line changed is started anew, and the old one is ended", async () => {
    const before = await ensure(layout, sleeper)
    const now = await ensure(layout, { ...sleeper, command: ["sleep", "601"] })
    assert.notEqual(now, before)
    await gone(before)
  })

  test("another process that got a recorded pid is never ended", async () => {
    const pid = await ensure(layout, sleeper)
    const [, startedAt, ...rest] = readFileSync(recordFile(), "utf8").split(" ")
    const stranger = { ...layout, id: "somebody" }
    writeFileSync(recordFile(), [pid, Number(startedAt) - 1, ...rest].join(" "))
    assert.equal(pidOf(layout, "sleeper"), undefined)
    assert.equal(await endAll(stranger), 0)
    assert.equal(process.kill(pid ?? 0, 0), true)
  })

  test("a process whose record was lost is ended all the same", async () => {
    const pid = await ensure(layout, sleeper)
    rmSync(recordFile())
    assert.equal(await endAll(layout), 1)
    await gone(pid)
  })

  test("a component that ends by itself counts as ended", async () => {
    await ensure(layout, { ...sleeper, command: ["true"] })
    await until("it has ended", async () => pidOf(layout, "sleeper") === undefined)
  })
})

/** A killed child is a zombie until our own event loop has noticed its end. */
async function gone(pid: number | undefined): Promise<void> {
  await until(`process ${pid} is gone`, async () => {
    try {
      process.kill(pid ?? 0, 0)
      return false
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ESRCH"
    }
  })
}

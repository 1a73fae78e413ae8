import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { endEngine } from "./engineClient.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-home-"))
  vi.stubEnv("KUBE_EXECUTIONS_HOME", folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test("an engine that no longer answers is ended by its lock", async () => {
  const engine = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"])
  writeFileSync(join(folder, "engine.lock"), String(engine.pid))
  const exit = once(engine, "exit")
  endEngine()
  expect(await exit).toEqual([null, "SIGKILL"])
})

test("to end an engine that ended by itself, or that never was, is no error", () => {
  endEngine()
  const { pid } = spawnSync(process.execPath, ["-e", ""])
  writeFileSync(join(folder, "engine.lock"), String(pid))
  endEngine()
})

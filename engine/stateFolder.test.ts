import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { localRunsFolder, stateFolder } from "./stateFolder.ts"

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "state-"))
})
afterEach(() => rmSync(home, { recursive: true }))

test("each system has its own place for what has to outlive a reboot", () => {
  const env = { HOME: "/home/ann" }
  expect(stateFolder(env, "linux")).toBe("/home/ann/.local/state/kube-executions")
  expect(stateFolder(env, "darwin")).toBe("/home/ann/Library/Application Support/kube-executions")
  expect(stateFolder({ ...env, LOCALAPPDATA: "/local" }, "win32")).toBe("/local/kube-executions")
  expect(stateFolder({ ...env, XDG_STATE_HOME: "/state" }, "linux")).toBe("/state/kube-executions")
})

test("a variable that is set to nothing means nothing", () => {
  const env = { HOME: "/home/ann", XDG_STATE_HOME: "", LOCALAPPDATA: "", KUBE_EXECUTIONS_HOME: "" }
  expect(stateFolder(env, "linux")).toBe("/home/ann/.local/state/kube-executions")
  expect(stateFolder(env, "win32")).toBe("/home/ann/AppData/Local/kube-executions")
})

test("runs of this machine are found where an earlier version kept them", () => {
  const env = { HOME: home }
  const now = join(home, "Library/Application Support/kube-executions/local")
  const before = join(home, ".local/state/kube-executions/local")
  expect(localRunsFolder(env, "darwin")).toBe(now)
  mkdirSync(before, { recursive: true })
  expect(localRunsFolder(env, "darwin")).toBe(before)
  mkdirSync(now, { recursive: true })
  expect(localRunsFolder(env, "darwin")).toBe(now)
  expect(localRunsFolder({ ...env, KUBE_EXECUTIONS_HOME: "/own" }, "darwin")).toBe("/own/local")
})

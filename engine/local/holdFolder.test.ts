import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { holdFolder, thisMachine } from "./holdFolder.ts"
import { processBeginning } from "./processBeginning.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hold-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const machine = thisMachine()
const lock = () => join(folder, `held.${machine.id}`)

test("a folder is held by one engine of a machine, and the next has it when it was given back", () => {
  const release = holdFolder(folder, machine)
  expect(() => holdFolder(folder, machine)).toThrow(
    `in the hands of another engine of yours, process ${process.pid} on "${machine.name}"`,
  )
  release()
  expect(readdirSync(folder)).toEqual([])
  holdFolder(folder, machine)()
})

test("who shares the folder from another machine holds it too: each drives its own runs", () => {
  const release = holdFolder(folder, machine)
  holdFolder(folder, { id: "another", name: "another" })()
  release()
})

test("a living holder is named, one that is gone or whose number another has now is not waited for", async () => {
  const child = spawn("sleep", ["60"])
  const pid = child.pid ?? 0
  const beginning = processBeginning(pid)
  const hold = (facts: object) => writeFileSync(lock(), JSON.stringify(facts))
  hold({ pid, beginning })
  expect(() => holdFolder(folder, machine)).toThrow(`process ${pid} on`)
  hold({ pid, beginning: "1" })
  holdFolder(folder, machine)()
  hold({ pid, beginning })
  const ended = once(child, "exit")
  child.kill()
  await ended
  holdFolder(folder, machine)()
  writeFileSync(lock(), '{"pid":')
  holdFolder(folder, machine)()
  expect(readdirSync(folder)).toEqual([])
})

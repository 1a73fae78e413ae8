import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { readContainer, supervise, unknownPid } from "./supervisor.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "supervisor-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const boot = "this-boot"

function run(command: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => supervise(folder, command, boot, resolve))
}

test("a command's exit code is read as it was, and a signal as shells write it", async () => {
  await run(["sh", "-c", "exit 7"])
  expect(readContainer(folder, boot)).toMatchObject({ kind: "ended", exitCode: 7 })
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  await run(["sh", "-c", "kill -9 $$"])
  expect(readContainer(folder, boot)).toMatchObject({ kind: "ended", exitCode: 137 })
})

test("an ending without its code is no success: nobody knows how the command ended", async () => {
  await run(["true"])
  expect(readContainer(folder, boot)).toMatchObject({ kind: "ended", exitCode: 0 })
  for (const half of ["", " ".repeat(63), "\0\0\0", "7x"]) {
    writeFileSync(join(folder, "exit"), half)
    expect(readContainer(folder, boot)).toMatchObject({ kind: "lost", by: "kill" })
    expect(readContainer(folder, "the-next-boot")).toMatchObject({ kind: "lost", by: "reboot" })
  }
})

test("a supervisor whose folder was removed ends", async () => {
  const code = await run(["rm", "-r", folder])
  expect(code).toBe(0)
  expect(() => readFileSync(join(folder, "exit"))).toThrow()
})

test.each(["/proc", "/nowhere"])(
  "a number that another process has now is not the supervisor, by way of %s",
  async (proc) => {
    const ended = new Promise((resolve) => {
      supervise(
        folder,
        ["sh", "-c", `until [ -e ${folder}/go ]; do sleep 0.05; done`],
        boot,
        resolve,
        proc,
      )
    })
    const record = () => readContainer(folder, boot, proc)
    await vi.waitFor(() => expect(record()).toMatchObject({ kind: "running" }), 30_000)
    const path = join(folder, "pid")
    const began = readFileSync(path, "utf8")
    const [pid, beginning = ""] = began.split(" ")
    expect(record()).toMatchObject({ pid: Number(pid) })
    writeFileSync(path, began.replace(beginning, "1"))
    expect(record()).toMatchObject({ kind: "lost", by: "kill" })
    // Nobody can tell whose the number is: it may run, and gets no signal.
    writeFileSync(path, began.replace(beginning, "-"))
    expect(record()).toMatchObject({ kind: "running", pid: unknownPid })
    writeFileSync(join(folder, "go"), "")
    await ended
  },
)

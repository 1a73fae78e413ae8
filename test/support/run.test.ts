import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, expect, test } from "vitest"
import { type Identity, identify, isAlive } from "./identity.mjs"

const module = fileURLToPath(new URL("run.mts", import.meta.url))

// Runs of its own, outside the one that we may be in ourselves.
const { KUBE_EXECUTIONS_RUN: _, ...outer } = process.env
const env = { ...outer, TMPDIR: mkdtempSync(join(tmpdir(), "kx-run-")) }

const begun: Identity[] = []
afterEach(() => {
  for (const identity of begun.splice(0)) {
    if (isAlive(identity)) process.kill(identity.pid, "SIGKILL")
  }
})

interface Owner {
  readonly child: ChildProcess
  readonly started: readonly Identity[]
  readonly runFolder: string
}

/** A process that starts another one in a run, which starts a third that leaves the group. */
async function owner(end: string): Promise<Owner> {
  const grandchild = `
    const { spawn } = require("node:child_process")
    const forever = ["-e", "setInterval(() => {}, 1000)"]
    console.log(spawn(process.execPath, forever, { detached: true, stdio: "ignore" }).pid)
    setInterval(() => {}, 1000)`
  const script = `
    import { openRun } from ${JSON.stringify(module)}
    const run = openRun()
    const options = { stdio: ["ignore", "pipe", "ignore"] }
    const child = run.start(process.execPath, ["-e", ${JSON.stringify(grandchild)}], options)
    child.stdout.once("data", async (text) => {
      console.log(JSON.stringify([child.pid, Number(text), run.folder]))
      ${end}
    })`
  const args = ["--input-type=module", "-e", script]
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "ignore"] })
  const [text] = await once(child.stdout, "data")
  const [head, detached, runFolder] = JSON.parse(String(text))
  const started = [head, detached].flatMap((pid) => identify(pid) ?? [])
  begun.push(...started)
  return { child, started, runFolder }
}

test.runIf(process.platform === "linux")(
  "closing a run ends what it started, what left its group included",
  async () => {
    const { child, started } = await owner("await run.close(); process.exit()")
    await once(child, "exit")
    await gone(started)
  },
)

test.runIf(process.platform === "linux")(
  "what a killed owner left is ended by the next sweep, and its folder removed",
  async () => {
    const { child, started, runFolder } = await owner("")
    child.kill("SIGKILL")
    await once(child, "exit")
    expect(started.filter(isAlive)).toHaveLength(2)
    expect(existsSync(runFolder)).toBe(true)

    const script = `
      import { sweep } from ${JSON.stringify(module)}
      console.log((await sweep()).length)`
    const sweeper = spawn(process.execPath, ["--input-type=module", "-e", script], { env })
    const [text] = await once(sweeper.stdout, "data")
    expect(Number(text)).toBeGreaterThan(0)
    await gone(started)
    expect(existsSync(runFolder)).toBe(false)
  },
)

async function gone(processes: readonly Identity[]): Promise<void> {
  expect(processes).not.toHaveLength(0)
  await expect.poll(() => processes.filter(isAlive)).toEqual([])
}

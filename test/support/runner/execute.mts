import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { setTimeout as wait } from "node:timers/promises"
import { root } from "../folders.mts"
import type { Run } from "../run.mts"

export interface Execution {
  readonly args: readonly string[]
  readonly log: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

export interface Ended {
  readonly code: number
  /** How it ended, in words, where that was not by itself. */
  readonly how: string | undefined
  /** The end of what it said. */
  readonly lastWords: string
}

/** Runs one Node program of a stage to its end, its output to the terminal and to a file. */
export async function execute(run: Run, { args, log, env, timeoutMs }: Execution): Promise<Ended> {
  const child = run.start(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const file = createWriteStream(log, { flags: "a" })
  let lastWords = ""
  const hear = (data: Buffer) => {
    process.stdout.write(data)
    file.write(data)
    lastWords = (lastWords + String(data)).slice(-4000)
  }
  child.stdout?.on("data", hear)
  child.stderr?.on("data", hear)
  let how: string | undefined
  const timer = setTimeout(() => {
    how = `it took longer than ${timeoutMs / 60_000} minutes and was ended`
    void run.stop(child)
  }, timeoutMs)
  const closed = once(child, "close")
  const [code, signal] = await once(child, "exit")
  clearTimeout(timer)
  // What it left in its group goes with it; what left the group may still hold its output.
  await run.stop(child)
  await Promise.race([closed, wait(1000)])
  file.end()
  if (how === undefined && signal !== null) how = `it was ended by ${signal}`
  return { code: code ?? 1, how, lastWords: lastWords.trimEnd() }
}

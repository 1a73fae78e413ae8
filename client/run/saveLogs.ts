import { randomUUID } from "node:crypto"
import { appendFile, mkdir } from "node:fs/promises"
import { join } from "node:path"
import type { RunStore } from "../runs/runStore.ts"

/** So many pods are read at the same time. */
const atOnce = 8

/** Copies what steps printed so far into files of the folder, one for each step. */
export async function saveLogs(
  runs: RunStore,
  { place, run }: { readonly place: string; readonly run: string },
  steps: readonly string[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const left = [...steps]
  const copyNext = async (): Promise<void> => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) {
      const path = join(folder, `${step}.log`)
      // A step that printed nothing has a file too.
      let writing = appendFile(path, "")
      await readLog(runs, { place, run }, { step }, (lines) => {
        const text = lines.map((line) => `${line}\n`).join("")
        writing = writing.then(() => appendFile(path, text))
        writing.catch(() => {})
      })
      await writing
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, copyNext))
}

/** Reads what a step printed so far, to its end. */
export async function readLog(
  runs: RunStore,
  { place, run }: { readonly place: string; readonly run: string },
  options: { readonly step: string; readonly tailLines?: number },
  take: (lines: readonly string[]) => void,
): Promise<void> {
  const log = `read ${randomUUID()}`
  let resolve = () => {}
  const end = new Promise<void>((ended) => {
    resolve = ended
  })
  const listeners = [
    runs.onLogText((text) => {
      if (text.log === log) take(text.lines)
    }),
    runs.onLogEnd((ended) => {
      if (ended === log) resolve()
    }),
  ]
  // An engine that goes away tells of no end; what came until then is kept.
  const timer = setTimeout(() => resolve(), patienceMs)
  try {
    await runs.call("log/open", { place, run, log, options: { ...options, follow: false } })
    await end
  } finally {
    clearTimeout(timer)
    for (const listener of listeners) listener.dispose()
    await runs.call("log/close", { log }).catch(() => {})
  }
}

const patienceMs = 30_000

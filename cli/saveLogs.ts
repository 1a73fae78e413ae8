import { stateFolder } from "#engine/stateFolder"
import type { Io } from "./io.ts"
import type { LivePlace } from "./livePlace.ts"
import { Refusal } from "./refusal.ts"
import { quote } from "./words.ts"

/** So many pods are read at the same time. */
const atOnce = 8

/** Copies what steps printed so far into files of that folder, one for each step. */
export async function saveLogs(
  { engine, info }: LivePlace,
  run: string,
  steps: readonly string[],
  folder: string,
  io: Io,
): Promise<void> {
  const pathOf = (step: string) => `${folder}/${step}.log`
  /** By step: what is still to be written, in order. */
  const writing = new Map<string, Promise<void>>()
  const write = (step: string, text: string) => {
    const next = (writing.get(step) ?? Promise.resolve()).then(() =>
      io.files.append(pathOf(step), text),
    )
    // Looked at when all is read; until then a failure is no unhandled one.
    next.catch(() => {})
    writing.set(step, next)
  }
  const ended = new Map<string, () => void>()
  engine.onNotification("log/text", ({ log, lines }) => {
    write(log, lines.map((line) => `${line}\n`).join(""))
  })
  engine.onNotification("log/end", ({ log }) => ended.get(log)?.())
  const left = [...steps]
  const copyNext = async (): Promise<void> => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) {
      const log = step
      const end = new Promise<void>((resolve) => ended.set(log, resolve))
      // A step that printed nothing has a file too.
      write(step, "")
      await engine.call("log/open", { place: info.id, run, log, options: { step } })
      await Promise.race([end, engine.gone])
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, copyNext))
  try {
    await Promise.all(writing.values())
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : ""
    throw new Refusal(
      `The logs cannot be saved in ${quote(folder)}${code}, so nothing was stopped. Choose another folder with --logs DIR, or stop without them: --no-logs.`,
    )
  }
}

/** Where logs are kept that the cluster is about to lose: apart for each run and each time. */
export function logFolder(run: string, { namespace }: LivePlace["info"], io: Io): string {
  const time = new Date(io.now())
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "")
  return `${stateFolder(io.env)}/logs/${namespace}/${run}/${time}`
}

import { mkdir, readFile, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { labelFile } from "#colonies/files/scanFolder"
import { applySync, planSync, type SyncProgress } from "#colonies/files/sync"
import { planTotals, type SyncPlan } from "#colonies/files/syncPlan"
import type { Input } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { table } from "../table.ts"
import { count, quote, visible } from "../words.ts"
import { bytes } from "./bytes.ts"
import type { fsSyncOptions } from "./commands/files.ts"
import { withColony } from "./withColony.ts"

/** `colonies fs sync`. */
export async function syncFiles(
  { values }: Input<typeof fsSyncOptions>,
  io: Io,
): Promise<ExitCode> {
  const folder = resolve(values.dir ?? ".")
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    await ensureFolder(folder)
    const label = values.label ?? (await labelOf(folder))
    const world = await colony.files()
    const keepLocal = values["keep-remote"] !== true
    io.stderr.write(`Compares ${quote(folder)} with ${quote(label)} of ${quote(colony.colony)}.\n`)
    const plan = await planSync(world.files, folder, label, keepLocal, colony.signal)
    for (const name of plan.refused) {
      io.stderr.write(`${quote(name)} would be written outside of the folder; it is left alone.\n`)
    }
    if (plan.folders.length === 0) {
      io.stderr.write("Both are equal; there is nothing to do.\n")
      return 0
    }
    tell(plan, io)
    if (values.dry) return 0
    if (!values.yes && !(await agreed(io))) return 1
    const progress = progressLine(io)
    await applySync(world, folder, plan, colony.signal, progress.show)
    progress.end()
    const { uploads, downloads, conflicts } = planTotals(plan)
    io.stderr.write(
      `Both are equal now: ${count(uploads + downloads + conflicts, "file")} moved.\n`,
    )
    return 0
  })
}

async function ensureFolder(folder: string): Promise<void> {
  const facts = await stat(folder).catch(() => undefined)
  if (facts === undefined) await mkdir(folder, { recursive: true })
  else if (!facts.isDirectory()) throw new Refusal(`${quote(folder)} is not a folder.`, 2)
}

/** What the folder was kept under before. */
async function labelOf(folder: string): Promise<string> {
  const text = await readFile(join(folder, labelFile), "utf8").catch(() => "")
  const label = /"label"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1]
  if (label !== undefined) return JSON.parse(label) as string
  throw new Refusal(
    `${quote(folder)} was not synchronised before, so it has no label yet: name one with -l.`,
    2,
  )
}

/** What would be done, a line for each file. */
function tell(plan: SyncPlan, io: Io): void {
  const rows = plan.folders.flatMap(({ label, uploads, downloads, conflicts }) => [
    ...uploads.map(({ name, size }) => ["upload", name, bytes(size), label]),
    ...downloads.map(({ name, size }) => ["download", name, bytes(size), label]),
    ...conflicts.map(({ local, remote }) =>
      plan.keepLocal
        ? ["replace at the server", local.name, bytes(local.size), label]
        : ["replace in the folder", remote.name, bytes(remote.size), label],
    ),
  ])
  const shown = rows.slice(0, mostRows).map((row) => row.map(visible))
  const columns = [
    { head: "WHAT" },
    { head: "FILE" },
    { head: "SIZE", isNumber: true },
    { head: "LABEL" },
  ]
  for (const line of table(columns, shown, io.stdout.columns)) io.stdout.write(`${line}\n`)
  if (rows.length > shown.length) {
    io.stdout.write(`and ${count(rows.length - shown.length, "more file", "more files")}\n`)
  }
  const { uploads, downloads, conflicts, bytes: all } = planTotals(plan)
  io.stderr.write(
    `${uploads} to upload, ${downloads} to download, ${conflicts} to replace; ${bytes(all)} in all.\n`,
  )
}

const mostRows = 40

async function agreed(io: Io): Promise<boolean> {
  if (io.ask === undefined) {
    throw new Refusal("Nobody is here to be asked: add --yes to do it, or --dry only to see it.", 2)
  }
  const answer = await io.ask("Do it? (yes, no): ")
  return /^y(es)?$/i.test(answer.trim())
}

/** One line that is written anew while files move; only where somebody looks. */
function progressLine(io: Io) {
  if (!io.stderr.isTerminal) return { show: () => {}, end: () => {} }
  let shownAt = 0
  return {
    show: ({ files, ofFiles, bytes: moved, ofBytes }: SyncProgress) => {
      if (io.now() - shownAt < 250 && files < ofFiles) return
      shownAt = io.now()
      io.stderr.write(
        `\r\u001b[K${files} of ${ofFiles} files, ${bytes(moved)} of ${bytes(ofBytes)}`,
      )
    },
    end: () => io.stderr.write("\r\u001b[K"),
  }
}

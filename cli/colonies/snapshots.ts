import { mkdir, readdir } from "node:fs/promises"
import { resolve } from "node:path"
import { timeOf } from "#colonies/client/records"
import { normalLabel } from "#colonies/files/labels"
import { downloadSnapshot } from "#colonies/files/sync"
import type { Input } from "../command.ts"
import { age } from "../duration.ts"
import type { ExitCode, Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { table } from "../table.ts"
import { count, quote, visible } from "../words.ts"
import type {
  snapshotCreateOptions,
  snapshotDownloadOptions,
  snapshotLsOptions,
  snapshotRemoveOptions,
} from "./commands/snapshots.ts"
import { withColony } from "./withColony.ts"

/** `colonies fs snapshot create`. */
export async function createSnapshot(
  { values }: Input<typeof snapshotCreateOptions>,
  io: Io,
): Promise<ExitCode> {
  const name = needed(values.name, "--name NAME")
  const label = normalLabel(needed(values.label, "-l LABEL"))
  return withColony(values, io, async ({ server, colony, signal }): Promise<ExitCode> => {
    const made = await server.call(
      "createsnapshotmsg",
      { colonyname: colony, label, name },
      { signal },
    )
    const files = count(made.fileids?.length ?? 0, "file")
    io.stderr.write(`The snapshot ${quote(name)} of ${quote(label)} holds ${files}.\n`)
    io.stdout.write(`${made.snapshotid}\n`)
    return 0
  })
}

/** `colonies fs snapshot ls`. */
export async function listSnapshots(
  { values }: Input<typeof snapshotLsOptions>,
  io: Io,
): Promise<ExitCode> {
  return withColony(values, io, async ({ server, colony, signal }): Promise<ExitCode> => {
    const all = (await server.call("getsnapshotsmsg", { colonyname: colony }, { signal })) ?? []
    if (all.length === 0) io.stderr.write(`No snapshots in ${quote(colony)}.\n`)
    else {
      const rows = all.map(({ name, label, fileids, added, snapshotid }) => {
        const at = timeOf(added)
        return [
          visible(name),
          visible(label),
          String(fileids?.length ?? 0),
          at === undefined ? "" : age(io.now() - at.getTime()),
          snapshotid,
        ]
      })
      const columns = [
        { head: "NAME" },
        { head: "LABEL" },
        { head: "FILES", isNumber: true },
        { head: "AGE", isNumber: true },
        { head: "ID" },
      ]
      for (const line of table(columns, rows, io.stdout.columns)) io.stdout.write(`${line}\n`)
    }
    return 0
  })
}

/** `colonies fs snapshot download`. */
export async function getSnapshot(
  { values }: Input<typeof snapshotDownloadOptions>,
  io: Io,
): Promise<ExitCode> {
  const name = needed(values.name, "--name NAME")
  const folder = resolve(needed(values.dir, "-d DIR"))
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    const { server, signal } = colony
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length > 0) {
      throw new Refusal(
        `${quote(folder)} is not empty; name a new folder, so that nothing is lost.`,
      )
    }
    const snapshot = await server.call(
      "getsnapshotmsg",
      { colonyname: colony.colony, snapshotid: "", name },
      { signal },
    )
    await downloadSnapshot(await colony.files(), snapshot, folder, signal)
    const files = count(snapshot.fileids?.length ?? 0, "file")
    io.stderr.write(`${files} of ${quote(name)} are in ${quote(folder)}, checked.\n`)
    return 0
  })
}

/** `colonies fs snapshot remove`. */
export async function removeSnapshot(
  { values }: Input<typeof snapshotRemoveOptions>,
  io: Io,
): Promise<ExitCode> {
  const name = needed(values.name, "--name NAME")
  return withColony(values, io, async ({ server, colony, signal }): Promise<ExitCode> => {
    await server.call("removesnapshotmsg", { colonyname: colony, snapshotid: "", name }, { signal })
    io.stderr.write(
      `The snapshot ${quote(name)} of ${quote(colony)} is forgotten; its files stay.\n`,
    )
    return 0
  })
}

function needed(value: string | undefined, what: string): string {
  if (value !== undefined && value !== "") return value
  throw new Refusal(`Something is left out: ${what}.`, 2)
}

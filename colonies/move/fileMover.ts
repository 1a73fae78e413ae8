import { createHash } from "node:crypto"
import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import type { TaskFiles } from "#core/spec/filesTasks"
import type { FileMover, FilesLook } from "#engine/fileMover"
import type { FilesSource } from "#engine/protocol"
import { UserError } from "#engine/userError"
import { connectColonies } from "../client/server.ts"
import { listRemote } from "../files/colonyFiles.ts"
import { labelBelow, normalLabel } from "../files/labels.ts"
import { scanFolder } from "../files/scanFolder.ts"
import { translated } from "../place/clusterError.ts"
import { readProfile } from "../place/readProfile.ts"
import { isPlaceholder } from "../takeSnapshots.ts"
import { filled } from "./filesWorld.ts"
import { framesOf, type SentFile } from "./frames.ts"

/** Brings files from a colony or a folder; `program` is the bundle that its steps run. */
export function fileMover(program: string, image: string): FileMover {
  return {
    image,
    look: (source, wanted) =>
      translated(
        source.kind === "colony" ? colonyLook(source, wanted) : folderLook(source, wanted),
      ),
    program: async () => gzipSync(await readFile(program), { level: 9 }).toString("base64"),
    async *send(folder, wanted, run) {
      yield* framesOf(await filesOf(folder, wanted, run))
    },
  }
}

async function colonyLook(
  { profile: asked }: FilesSource & { readonly kind: "colony" },
  wanted: readonly TaskFiles[],
): Promise<FilesLook> {
  const profile = await readProfile(asked)
  if (profile.storage === undefined) {
    throw new UserError(
      `The files of the colony "${profile.colony}" are kept in S3, and the profile "${asked.name}" names no storage: it needs AWS_S3_ENDPOINT, AWS_S3_ACCESSKEY, AWS_S3_SECRETKEY and AWS_S3_BUCKET.`,
    )
  }
  const server = connectColonies(profile.server)
  const { colony } = profile
  const signal = AbortSignal.timeout(60_000)
  const parts: string[] = []
  let files = 0
  let bytes = 0
  try {
    const labels = new Set(
      wanted.flatMap(({ dirs, snapshots }) => [
        ...dirs.map(({ label }) => normalLabel(label)),
        ...snapshots.filter(({ id }) => isPlaceholder({ snapshotid: id })).map((one) => one.label),
      ]),
    )
    for (const label of [...labels].sort()) {
      const found = await listRemote({ server, colony }, label, signal)
      for (const [name, list] of found) {
        for (const { name: file, size, checksum } of list) {
          files += 1
          bytes += size
          parts.push(`${name}/${file} ${checksum}`)
        }
      }
    }
    for (const { id } of wanted.flatMap(({ snapshots }) => snapshots)) {
      if (isPlaceholder({ snapshotid: id })) continue
      const asks = { colonyname: colony, snapshotid: id, name: "" }
      const record = await server.call("getsnapshotmsg", asks, { signal })
      files += record.fileids?.length ?? 0
      parts.push(`snapshot ${id}`)
    }
  } finally {
    await server.close()
  }
  return {
    from: `the colony "${colony}" at ${server.address}`,
    files,
    bytes,
    snapshot: digestOf([server.address, colony, ...parts.sort()]),
    profile: JSON.stringify(profile),
  }
}

async function folderLook(
  { path }: FilesSource & { readonly kind: "folder" },
  wanted: readonly TaskFiles[],
): Promise<FilesLook> {
  // Under which name the run goes does not change what there is.
  const files = await filesOf(path, wanted, "")
  return {
    from: `the folder "${path}"`,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    snapshot: digestOf(files.map(({ path, checksum }) => `${path} ${checksum}`).sort()),
    profile: undefined,
  }
}

/** The folder stands for all of Colonies FS: a label is a folder in it. */
async function filesOf(
  folder: string,
  wanted: readonly TaskFiles[],
  run: string,
): Promise<readonly (SentFile & { readonly from: string })[]> {
  const signal = AbortSignal.timeout(600_000)
  const found = new Map<string, SentFile & { readonly from: string }>()
  for (const { task, dirs, snapshots } of wanted) {
    for (const { label, dir } of [...snapshots, ...dirs]) {
      const source = join(folder, filled(normalLabel(label), run, task))
      const isFolder = await stat(source).then(
        (facts) => facts.isDirectory(),
        () => false,
      )
      if (!isFolder) {
        throw new UserError(
          `"${task}" wants the files of "${label}", and there is no folder "${source}". Put them there, or take another folder.`,
        )
      }
      for (const [below, files] of await scanFolder(source, signal)) {
        for (const { name, size, checksum } of files) {
          const place = labelBelow(normalLabel(filled(dir, run, task)), join(below, name))
          const path = place.slice(1)
          found.set(path, { path, size, checksum, from: join(source, below, name) })
        }
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function digestOf(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex")
}

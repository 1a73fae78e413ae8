import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { FilesDir, FilesSnapshot, TaskFiles } from "#core/spec/filesTasks"
import type { ColoniesServer } from "../../test/support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../../test/support/colonies/devColony.mts"
import { type S3Server, startS3 } from "../../test/support/colonies/s3.mts"
import { checksumOf } from "../files/scanFolder.ts"
import { fileMover } from "./fileMover.ts"
import { filesIn } from "./filesIn.ts"
import { filesOut } from "./filesOut.ts"
import { type FilesWorld, withColonyFiles } from "./filesWorld.ts"
import { framesOf, takeFrames } from "./frames.ts"
import { syncFolder } from "./syncFolder.ts"

const keys = { accessKey: "unit", secretKey: "unit-secret", region: "eu-north-1" }
let folder: string
let server: ColoniesServer
let s3: S3Server
let said: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "move-"))
  server = await startDevColony()
  s3 = await startS3(keys)
  said = []
})

afterEach(async () => {
  await Promise.all([server.close(), s3.close()])
  rmSync(folder, { recursive: true, force: true })
})

const dirOf = (dir: Partial<FilesDir>): FilesDir => {
  return {
    label: "/in",
    dir: "/in",
    keepFiles: true,
    keepLocalAtStart: false,
    keepLocalAtEnd: true,
    ...dir,
  }
}

const snapshotOf = (snapshot: Partial<FilesSnapshot>): FilesSnapshot => {
  return {
    id: "{snapshotid}",
    label: "/in",
    dir: "/src",
    keepFiles: false,
    keepSnapshot: false,
    ...snapshot,
  }
}

function world(files: readonly TaskFiles[], area = join(folder, "area")): FilesWorld {
  mkdirSync(area, { recursive: true })
  return {
    profile: {
      server: { host: server.host, port: server.port, tls: false, privateKey: devKeys.user },
      colony: "dev",
      storage: { ...keys, endpoint: s3.endpoint, bucket: "unit", tls: false, skipVerify: false },
    },
    files,
    area,
    execution: "run",
    print: (line) => said.push(line),
    signal: AbortSignal.timeout(50_000),
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

async function upload(label: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) write(`up${label}/${name}`, text)
  const own = world([], join(folder, "up"))
  await withColonyFiles(own, (colony) =>
    syncFolder(colony, own, { label, folder: join(folder, "up", label), keepLocal: true }),
  )
}

test("what is wanted comes, what was made goes back, and what is not to be kept is gone", async () => {
  await upload("/in", { "a.txt": "one", "deep/b.txt": "two" })
  const files = [
    {
      task: "train",
      dirs: [dirOf({}), dirOf({ label: "/out/{processid}", dir: "/out", keepFiles: false })],
      snapshots: [snapshotOf({})],
    },
  ]
  await filesIn(world(files))
  expect(readFileSync(join(folder, "area/in/deep/b.txt"), "utf8")).toBe("two")
  expect(readFileSync(join(folder, "area/src/a.txt"), "utf8")).toBe("one")
  expect(said).toContain(
    "ColonyOS: Starting directory synchronization: Label:/in Dir:/in Download:2 Upload:0 Conflicts:0 ConflictResolutionStrategy:keepremote",
  )
  // A second try of the step finds its snapshot again.
  await filesIn(world(files))

  write("area/out/model.bin", "made")
  write("area/in/a.txt", "changed")
  await filesOut(world(files))
  expect(existsSync(join(folder, "area/out"))).toBe(false)
  expect(existsSync(join(folder, "area/src"))).toBe(false)
  expect(existsSync(join(folder, "area/in/a.txt"))).toBe(true)
  await filesOut(world(files))

  const back = join(folder, "back")
  const wanted = [dirOf({ dir: "/in" }), dirOf({ label: "/out/run.train.0", dir: "/out" })]
  await filesIn(world([{ task: "x", dirs: wanted, snapshots: [] }], back))
  expect(readFileSync(join(back, "in/a.txt"), "utf8")).toBe("changed")
  expect(readFileSync(join(back, "out/model.bin"), "utf8")).toBe("made")
})

test("a folder that leaves the claim is refused", async () => {
  const files = [{ task: "x", dirs: [dirOf({ dir: "/../etc" })], snapshots: [] }]
  await expect(filesIn(world(files))).rejects.toThrow(/would lie outside of the claim/)
})

test("a link that a step left does not lead to what only we may read or write", async () => {
  write("secret/key.txt", "the colony's key")
  write("area/out/model.bin", "made")
  symlinkSync(join(folder, "secret"), join(folder, "area/out/planted"))
  symlinkSync(join(folder, "secret/key.txt"), join(folder, "area/out/key.txt"))
  const files = [{ task: "x", dirs: [dirOf({ label: "/out", dir: "/out" })], snapshots: [] }]
  await filesOut(world(files))
  const back = join(folder, "back")
  await filesIn(world(files, back))
  expect(readdirSync(join(back, "out")).filter((name) => name !== ".cfs")).toEqual(["model.bin"])

  symlinkSync(join(folder, "secret"), join(folder, "area/other"))
  const other = [{ task: "x", dirs: [dirOf({ label: "/out", dir: "/other" })], snapshots: [] }]
  await expect(filesIn(world(other))).rejects.toThrow(/leads out of the shared volume/)
  expect(readdirSync(join(folder, "secret"))).toEqual(["key.txt"])
})

test("what a colony has is named by one text, which is another as soon as a file is", async () => {
  await upload("/in", { "a.txt": "one" })
  const { host, port } = server
  const variables = {
    COLONIES_SERVER_HOST: host,
    COLONIES_SERVER_PORT: String(port),
    COLONIES_TLS: "false",
    COLONIES_COLONY_NAME: "dev",
    COLONIES_PRVKEY: devKeys.user,
    AWS_S3_ENDPOINT: s3.endpoint,
    AWS_S3_ACCESSKEY: keys.accessKey,
    AWS_S3_SECRETKEY: keys.secretKey,
    AWS_S3_BUCKET: "unit",
  }
  const mover = fileMover("", "node:24")
  const files = [{ task: "x", dirs: [dirOf({})], snapshots: [] }]
  const look = () => mover.look({ kind: "colony", profile: { name: "lab", variables } }, files)
  const first = await look()
  expect(first).toMatchObject({ files: 1, bytes: 3, from: `the colony "dev" at ${host}:${port}` })
  expect((await look()).snapshot).toBe(first.snapshot)
  await upload("/in", { "a.txt": "two" })
  expect((await look()).snapshot).not.toBe(first.snapshot)
})

test("a folder's files arrive whole, or not at all", async () => {
  write("data/in/a.txt", "one")
  write("data/in/deep/empty", "")
  write("data/in/large", "x".repeat(700_000))
  const mover = fileMover("", "node:24")
  const files = [{ task: "x", dirs: [dirOf({ dir: "/to" })], snapshots: [] }]
  const source = join(folder, "data")
  expect(await mover.look({ kind: "folder", path: source }, files)).toMatchObject({
    files: 3,
    bytes: 700_003,
    profile: undefined,
  })
  const area = join(folder, "area")
  expect(await takeFrames(mover.send(source, files, "run"), area)).toBe(3)
  expect(readFileSync(join(area, "to/large"), "utf8")).toHaveLength(700_000)
  expect(readFileSync(join(area, "to/deep/empty"), "utf8")).toBe("")
  const missing = [{ task: "x", dirs: [dirOf({ label: "/gone" })], snapshots: [] }]
  await expect(mover.look({ kind: "folder", path: source }, missing)).rejects.toThrow(
    /"x" wants the files of "\/gone", and there is no folder/,
  )
})

test("a stream that is cut, damaged or leads elsewhere leaves no file behind", async () => {
  write("a.txt", "one")
  const from = join(folder, "a.txt")
  const checksum = await checksumOf(from, AbortSignal.timeout(10_000))
  const area = join(folder, "area")
  const sent = { path: "a.txt", size: 3, checksum, from }
  const all: Uint8Array[] = []
  for await (const chunk of framesOf([sent])) all.push(chunk)
  await expect(takeFrames(iterate(all.slice(0, 2)), area)).rejects.toThrow(/ended before all/)
  rmSync(join(area, "a.txt"))
  const wrong = framesOf([{ ...sent, checksum: "0".repeat(64) }])
  await expect(takeFrames(wrong, area)).rejects.toThrow(/arrived damaged/)
  await expect(takeFrames(framesOf([{ ...sent, path: "../a.txt" }]), area)).rejects.toThrow(
    /outside of the claim/,
  )
  expect(existsSync(join(area, "a.txt"))).toBe(false)
  // In whatever pieces it comes.
  const bytes = Buffer.concat(all)
  const single = Array.from(bytes, (byte) => Buffer.from([byte]))
  expect(await takeFrames(iterate(single), area)).toBe(1)
})

async function* iterate(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { FunctionSpecRecord } from "../client/records.ts"
import { StorageError } from "../files/fileStore.ts"
import type { SyncWorld } from "../files/sync.ts"
import { filesIn, filesOut } from "./prepareFiles.ts"
import { progressLines } from "./progress.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "prepare-"))
  mkdirSync(join(folder, "volume"))
  mkdirSync(join(folder, "outside"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A colony that has one file under each label, and a storage that nobody may reach. */
const colony = {
  files: {
    colony: "dev",
    server: {
      call: async (type: string, fields: { readonly label?: string }) =>
        type === "getfilelabelsmsg"
          ? [
              { name: "/a", files: 1 },
              { name: "/a/sub", files: 1 },
            ]
          : type === "getfilesmsg"
            ? [{ name: `x${fields.label?.length}.txt`, size: 1, checksum: "c", s3filename: "o" }]
            : [],
    },
  },
} as unknown as SyncWorld

function world(lines: string[], files: () => Promise<SyncWorld> = async () => colony) {
  return {
    files,
    folder: join(folder, "volume"),
    tell: async (progress: Parameters<typeof progressLines>[0]) => {
      lines.push(...progressLines(progress, true))
    },
    signal: new AbortController().signal,
  }
}

const spec = (dir: object): FunctionSpecRecord => ({
  fs: { mount: "/cfs", dirs: [{ label: "/a", dir: "/work", ...dir }] },
})

test("a folder that an earlier Job made a link out of the volume is not written to", async () => {
  symlinkSync(join(folder, "outside"), join(folder, "volume", "work"))
  await expect(filesIn(spec({}), "id", world([]))).rejects.toThrow("leads out of the shared volume")
  expect(existsSync(join(folder, "outside", ".cfs"))).toBe(false)
})

test("nor is one below it", async () => {
  mkdirSync(join(folder, "volume", "work"))
  symlinkSync(join(folder, "outside"), join(folder, "volume", "work", "sub"))
  await expect(filesIn(spec({}), "id", world([]))).rejects.toThrow("leads out of the shared volume")
  expect(existsSync(join(folder, "outside", ".cfs"))).toBe(false)
})

test("without a mount nothing is touched and no storage is asked for", async () => {
  const lines: string[] = []
  const none = async (): Promise<SyncWorld> => {
    throw new StorageError("no storage")
  }
  await filesIn({ fs: { dirs: [{ label: "/a", dir: "/work" }] } }, "id", world(lines, none))
  expect(lines).toEqual([
    "ColonyOS: Ignoring downloading snapshots and syncing dirs as mount not definied\n",
  ])
})

test("a storage that is not there fails the process, with the step it was needed for", async () => {
  const none = async (): Promise<SyncWorld> => {
    throw new StorageError("no storage")
  }
  await expect(filesIn(spec({}), "id", world([], none))).rejects.toMatchObject({
    message: "no storage",
    context: "Failed to pre sync",
  })
})

test("a link that is to be removed is removed, and never what it leads to", async () => {
  writeFileSync(join(folder, "outside", "kept.txt"), "kept")
  symlinkSync(join(folder, "outside"), join(folder, "volume", "work"))
  const lines: string[] = []
  const mounted = {
    fs: { mount: "/cfs", snapshots: [{ snapshotid: "s", dir: "/work", keepsnapshot: true }] },
  }
  await filesOut(mounted, "id", true, world(lines))
  expect(existsSync(join(folder, "outside", "kept.txt"))).toBe(true)
  expect(lines.join("")).toContain("could not be deleted")
})

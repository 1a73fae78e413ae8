import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { after, describe, test } from "node:test"
import { fileURLToPath } from "node:url"

const folder = mkdtempSync(path.join(tmpdir(), "local-full-"))
after(() => rmSync(folder, { recursive: true, force: true }))

const program = fileURLToPath(new URL("fullDiskWorld.mts", import.meta.url))

// A small disk, mounted where only this process and its children see it; it goes with them.
const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]
const script = 'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"'

describe("when the disk is full", { timeout: 120_000 }, () => {
  const cases = {
    "a run says so in one sentence, and goes on to its end once there is room": "goesOn",
    "an engine that starts then finds all that was there before": "nothingLost",
    "a record that there is room for a part of stays as it was": "staysWhole",
    "deleting a run ends what runs of it, also while steps of it and of others wait": "stops",
    "a step that fills it fails, and deleting its run makes the room again": "fills",
  }
  for (const [name, which] of Object.entries(cases)) {
    test(name, () => {
      const disk = mkdtempSync(path.join(folder, "disk-"))
      const node = [process.execPath, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", program]
      const shell = ["sh", "-c", script, "disk", disk, ...node, which, disk]
      const done = spawnSync("unshare", ["--mount", ...asRoot, ...shell], { encoding: "utf8" })
      assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`)
      assert.match(done.stdout, /as it should be/)
    })
  }
})

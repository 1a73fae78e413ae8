import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, test } from "node:test"
import { ClusterError, factsOf } from "#engine/clusterError"
import { openLocalPlace } from "#engine/local/localPlace"

const root = mkdtempSync(join(tmpdir(), "local-open-"))
const path = process.env.PATH
const bwrap = execFileSync("sh", ["-c", "command -v bwrap"], { encoding: "utf8" }).trim()
symlinkSync(bwrap, join(root, "bwrap"))
after(() => {
  process.env.PATH = path
  rmSync(root, { recursive: true, force: true })
})

describe("this machine as a place", { timeout: 60_000 }, () => {
  test("that has nothing to run with is not ready, which is no fault of a kubeconfig and passes", async () => {
    process.env.PATH = join(root, "nothing")
    const error = await refusal([])
    assert.equal(error.isPassing, true)
    assert.deepEqual(factsOf(error), { fault: "not-ready" })
    assert.match(error.message, /neither docker nor podman/)
  })

  test("names the listed folder that is not there, and opens once it is", async () => {
    process.env.PATH = root
    const folder = join(root, "shared")
    const error = await refusal([root, folder])
    assert.deepEqual(factsOf(error), { fault: "not-ready" })
    assert.ok(error.message.includes(`"${folder}"`), error.message)
    mkdirSync(folder)
    const { info } = await openLocalPlace({ kind: "local", readOnly: [root, folder] })
    assert.equal(info.server, "bubblewrap")
    assert.ok(info.kept?.endsWith("/local/kept"), info.kept)
  })
})

async function refusal(readOnly: readonly string[]): Promise<ClusterError> {
  const error = await openLocalPlace({ kind: "local", readOnly }).catch((thrown) => thrown)
  assert.ok(error instanceof ClusterError, String(error))
  return error
}

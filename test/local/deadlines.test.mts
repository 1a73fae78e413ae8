import assert from "node:assert/strict"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, test } from "node:test"
import { bubblewrapRuntime } from "#engine/local/runtime"
import { createRun, localWorld, runToEnd, shellJob } from "./localWorld.mts"
import { processesWith } from "./processesWith.mts"

const root = mkdtempSync(join(tmpdir(), "local-deadlines-"))
after(() => rmSync(root, { recursive: true, force: true }))
const newFolder = () => mkdtempSync(join(root, "p-"))
const runtime = bubblewrapRuntime([])
const hour = 3_600

describe("a deadline", { timeout: 60_000 }, () => {
  test("of a month does not come at once", async () => {
    const world = await localWorld(newFolder(), runtime)
    const run = await createRun(world, "e")
    const month = { activeDeadlineSeconds: 31 * 24 * hour }
    const job = shellJob(run, "sleep 1; echo done", { job: month, pod: month })
    const { end, log } = await runToEnd(world, run, job)
    assert.deepEqual([end?.kind, log], ["complete", "done\n"])
    await world.cluster.close()
  })

  for (const whose of ["job", "pod"] as const) {
    test(`of a ${whose} that passed while the machine slept is seen when it is awake`, async () => {
      let slept = 0
      const world = await localWorld(newFolder(), runtime, undefined, () => Date.now() + slept)
      const run = await createRun(world, "e")
      const limit = { [whose]: { activeDeadlineSeconds: hour } }
      const job = shellJob(run, "exec sleep 98765", limit)
      const ended = runToEnd(world, run, job)
      const pods = () => world.cluster.world(run.key).pods.get(job.metadata.name) ?? []
      await world.until(() => pods()[0]?.containers[0]?.state.kind === "running")
      slept = 2 * hour * 1000
      const { end, pods: shown } = await ended
      assert.equal(end?.kind, "failed")
      assert.equal(shown[0]?.reason, "DeadlineExceeded")
      await world.cluster.deleteExecution(run.key)
      assert.deepEqual(processesWith("98765"), [])
      await world.cluster.close()
    })
  }
})

import assert from "node:assert/strict"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { bubblewrapRuntime, containerRuntime, type Runtime } from "#engine/local/runtime"
import { createRun, localWorld, runToEnd, shellJob } from "./localWorld.mts"
import { processesWith } from "./processesWith.mts"

const root = mkdtempSync(join(tmpdir(), "local-stopping-"))
after(() => rmSync(root, { recursive: true, force: true }))
const newFolder = () => mkdtempSync(join(root, "p-"))
const runtime = bubblewrapRuntime([])

describe("deleting a run", { timeout: 60_000 }, () => {
  test("begins none of its steps that wait for a place", async () => {
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    const run = await createRun(world, "many")
    const claim = {
      pod: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] },
      container: { volumeMounts: [{ name: "v", mountPath: "/data" }] },
    }
    const places = Math.max(2, availableParallelism())
    const names = Array.from({ length: places * 3 }, (_, index) => `many.t.${index}`)
    for (const name of names) {
      const job = shellJob(run, `echo > /data/${name}; exec sleep 98761`, claim)
      const metadata = { ...job.metadata, name }
      await world.cluster.createJob("default", { ...job, metadata })
    }
    const data = join(folder, "runs/default/many/claims/data")
    while (!existsSync(data) || readdirSync(data).length < places) await turn()
    await world.cluster.deleteExecution(run.key)
    assert.deepEqual(processesWith("98761"), [])
    const kept = join(folder, "kept/default/many", run.uid.slice(0, 8), "data")
    assert.equal(readdirSync(kept).length, places, "steps that waited were begun")
  })

  test("ends what has begun and said nothing of it yet, and says nothing untrue of the disk", async () => {
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    const witness = await createRun(world, "witness")
    const lacks = new Set<string | undefined>()
    void world.until(() => {
      lacks.add(world.cluster.lacks(witness.key))
      return false
    })
    for (let round = 0; round < 8; round += 1) {
      const run = await createRun(world, `short-${round}`)
      await world.cluster.createJob("default", shellJob(run, "exec sleep 98762"))
      const pod = join(folder, "runs/default", `short-${round}`, `jobs/short-${round}.t.0/pods/0`)
      while (!existsSync(join(pod, "c0"))) await turn()
      await world.cluster.deleteExecution(run.key)
      assert.deepEqual(processesWith("98762"), [])
    }
    await runToEnd(world, witness, shellJob(witness, "true"))
    assert.deepEqual([...lacks], [undefined])
    assert.deepEqual(readdirSync(join(folder, "runs/default")), ["witness"])
  })
})

describe("an engine that ended after it wrote down an end, and before it ended what runs,", {
  timeout: 60_000,
}, () => {
  const cases = {
    "of a Job": [
      "end.json",
      { kind: "Failed", reason: "DeadlineExceeded", message: "late", at: 1 },
    ],
    "of a pod": ["pods/0/pod.json", { outcome: "failed" }],
  } as const
  for (const [name, [file, facts]] of Object.entries(cases)) {
    test(`${name}, leaves that to the next one`, async () => {
      const folder = newFolder()
      const first = await localWorld(folder, runtime)
      const run = await createRun(first, "e")
      const job = shellJob(run, "exec sleep 98766")
      await first.cluster.createJob("default", job)
      const state = (world: typeof first) =>
        world.cluster.world(run.key).pods.get(job.metadata.name)?.[0]?.containers[0]?.state.kind
      await first.until(() => state(first) === "running")
      await first.cluster.close()
      const path = join(folder, "runs/default/e/jobs/e.t.0", file)
      const before = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {}
      writeFileSync(path, JSON.stringify({ ...before, ...facts }))
      const second = await localWorld(folder, runtime)
      await second.until(() => state(second) === "terminated")
      assert.deepEqual(processesWith("98766"), [])
      await second.cluster.close()
    })
  }
})

describe("a container of docker or podman", { timeout: 60_000 }, () => {
  for (const how of ["ended", "was lost"]) {
    test(`that ${how} while there was no engine is cleaned up by the next one`, async () => {
      const folder = newFolder()
      const removed = join(folder, "removed")
      const go = join(folder, "go")
      const docker: Runtime = {
        ...containerRuntime("docker"),
        command: ({ command }) => command,
        cleanUp: (id) => ["sh", "-c", `echo ${id} >> ${removed}`],
      }
      const first = await localWorld(folder, docker)
      const run = await createRun(first, "e")
      const job = shellJob(run, `until [ -e ${go} ]; do sleep 0.05; done`)
      await first.cluster.createJob("default", job)
      const pod = (world: typeof first) =>
        world.cluster.world(run.key).pods.get(job.metadata.name)?.[0]
      await first.until(() => pod(first)?.containers[0]?.state.kind === "running")
      await first.cluster.close()
      const own = join(folder, "runs/default/e/jobs/e.t.0/pods/0/c0")
      const [supervisor = ""] = readFileSync(join(own, "pid"), "utf8").split(" ")
      if (how === "was lost") process.kill(Number(supervisor), "SIGKILL")
      writeFileSync(go, "")
      while (existsSync(`/proc/${supervisor}/exe`)) await turn()
      const second = await localWorld(folder, docker)
      const over = how === "ended" ? "Succeeded" : "Failed"
      await second.until(() => pod(second)?.phase === over)
      const id = `kube-executions-${pod(second)?.uid}-0\n`
      assert.equal(readFileSync(removed, "utf8"), id)
      await second.cluster.close()
    })
  }
})

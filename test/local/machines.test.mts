import assert from "node:assert/strict"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, test } from "node:test"
import { bubblewrapRuntime } from "#engine/local/runtime"
import { localRuns } from "./localRuns.mts"
import { localWorld } from "./localWorld.mts"
import { processesWith } from "./processesWith.mts"

const root = mkdtempSync(join(tmpdir(), "local-machines-"))
after(() => rmSync(root, { recursive: true, force: true }))
const newFolder = () => mkdtempSync(join(root, "p-"))
const runtime = bubblewrapRuntime([])

const spec = `
apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: { name: long }
spec:
  tasks:
    - { name: a, type: Job, image: busybox, commandSet: ["exec sleep 98764"] }
    - { name: b, type: Job, image: busybox, commandSet: ["true"], dependents: [{ target: a, type: whole }] }
`

describe("the folder with this machine's runs", { timeout: 60_000 }, () => {
  test("is opened by one engine at a time, and the other is told who has it", async () => {
    const folder = newFolder()
    const first = await localWorld(folder, runtime)
    await assert.rejects(localWorld(folder, runtime), {
      kind: "busy",
      message: new RegExp(`another engine of yours, process ${process.pid} on "${hostname()}"`),
    })
    await first.cluster.close()
    const second = await localWorld(folder, runtime)
    await second.cluster.close()
  })

  test("shows a run that was begun on another machine, and neither judges nor drives it", async () => {
    const folder = newFolder()
    const there = await localRuns(folder, runtime)
    const name = await there.start(spec, "long.yaml")
    await there.until(name, ({ tasks }) => tasks[0]?.phase === "running")
    await there.close()
    // As the next machine that shares the folder finds it: its own boots and processes are others.
    const run = join(folder, "runs/default", name)
    const machine = readFileSync(join(run, "machine.json"), "utf8")
    writeFileSync(join(run, "machine.json"), JSON.stringify({ id: "other", name: "node-17" }))
    const pid = join(run, `jobs/${name}.a.0/pods/0/c0/pid`)
    const began = readFileSync(pid, "utf8")
    writeFileSync(pid, began.replace(/\S+\n$/, "another-boot\n"))
    const before = readFileSync(join(run, "execution.json"), "utf8")

    const here = await localRuns(folder, runtime)
    const view = await here.until(name, ({ tasks }) => tasks[0]?.phase === "running")
    assert.match(view.trouble ?? "", /^This run was begun on the machine "node-17", and only there/)
    const key = `default/${name}`
    const refusal = { kind: "forbidden", message: /"node-17".*remove the folder/s }
    await assert.rejects(here.cluster.deleteExecution(key), refusal)
    await assert.rejects(here.cluster.annotate(key, { a: "b" }), refusal)
    const other = await here.start(
      spec.replace("exec sleep 98764", "true").replace("name: long", "name: other"),
      "other.yaml",
    )
    assert.equal((await here.ended(other)).phase, "succeeded")
    assert.equal(here.cluster.world(key).pods.get(`${name}.a.0`)?.length, 1)
    assert.equal(processesWith("98764").length > 0, true)
    assert.equal(readFileSync(join(run, "execution.json"), "utf8"), before)
    await here.close()

    writeFileSync(join(run, "machine.json"), machine)
    writeFileSync(pid, began)
    const again = await localRuns(folder, runtime)
    await again.cluster.deleteExecution(key)
    assert.equal(existsSync(run), false)
    assert.deepEqual(processesWith("98764"), [])
    await again.close()
  })
})

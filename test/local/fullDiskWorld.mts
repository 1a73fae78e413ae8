import assert from "node:assert/strict"
import {
  appendFileSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { availableParallelism } from "node:os"
import path from "node:path"
import { readJson, writeJson } from "#engine/local/files"
import { bubblewrapRuntime } from "#engine/local/runtime"
import { localRuns } from "./localRuns.mts"
import { processesWith } from "./processesWith.mts"

// What fullDisk.test.mts runs with a disk of one megabyte at `disk`.
const [which = "", disk = ""] = process.argv.slice(2)
const runtime = bubblewrapRuntime([])
const sentence =
  /^There is no room left on the disk of ".*"\. Make some: what runs goes on, and the rest follows by itself\.$/

const spec = (name: string, command: string) => `
apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: { name: ${name} }
spec:
  tasks:
    - name: a
      type: Job
      image: busybox
      commandSet: [${JSON.stringify(command)}]
      volumes: { data: { mountPath: /data, mountFrom: { pvc: data } } }
    - name: b
      type: Job
      image: busybox
      commandSet: ["echo two"]
      dependents: [{ target: a, type: whole }]
`
const gated = spec("gated", "until [ -e /data/go ]; do sleep 0.1; done")
const filling = spec("filling", "head -c 4000000 /dev/zero > /data/big")

const places = Math.max(2, availableParallelism())
const wide = `
apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: { name: wide }
spec:
  tasks:
    - name: a
      type: Job
      image: busybox
      commandSet: [${Array.from({ length: places + 3 }, () => '"exec sleep 98763"').join()}]
`

const cases: Readonly<Record<string, () => Promise<void>>> = {
  goesOn: async () => {
    const runs = await localRuns(disk, runtime)
    const name = await runs.start(gated, "gated.yaml")
    await runs.until(name, ({ tasks }) => tasks[0]?.phase === "running")
    fill()
    go(name)
    const full = await runs.until(name, ({ trouble }) => sentence.test(trouble ?? ""))
    assert.equal(full.finishedAt, null)
    // Neither b nor what became of a is lost: both follow.
    makeRoom()
    const run = await runs.ended(name)
    assert.equal(run.phase, "succeeded")
    assert.equal(run.trouble, undefined)
    assert.equal(await runs.log(name, `${name}.b.0`), "two\n")
    await runs.close()
  },
  nothingLost: async () => {
    const first = await localRuns(disk, runtime)
    const done = await first.start(gated.replaceAll("gated", "done"), "done.yaml")
    go(done)
    await first.ended(done)
    const name = await first.start(gated, "gated.yaml")
    await first.until(name, ({ tasks }) => tasks[0]?.phase === "running")
    fill()
    await first.close()
    go(name)
    const second = await localRuns(disk, runtime)
    assert.equal((await second.ended(done)).phase, "succeeded")
    await second.until(name, ({ trouble }) => sentence.test(trouble ?? ""))
    await assert.rejects(second.start(gated.replaceAll("gated", "late"), "late.yaml"), {
      kind: "full",
      message: sentence,
    })
    makeRoom()
    const run = await second.ended(name)
    assert.equal(run.phase, "succeeded")
    const a = second.cluster.world(`default/${name}`).pods.get(`${name}.a.0`) ?? []
    assert.equal(a.length, 1, "a ran once")
    await second.close()
  },
  staysWhole: async () => {
    const file = path.join(disk, "execution.json")
    writeJson(file, { notes: "short" })
    fill()
    const ballast = path.join(disk, "ballast")
    truncateSync(ballast, statSync(ballast).size - 16 * 1024)
    const long = { notes: "long ".repeat(20_000) }
    assert.throws(() => writeJson(file, long), { kind: "full" })
    assert.deepEqual(readJson(file), { notes: "short" })
    makeRoom()
    writeJson(file, long)
    assert.deepEqual(readJson(file), long)
  },
  stops: async () => {
    const runs = await localRuns(disk, runtime)
    const name = await runs.start(wide, "wide.yaml")
    await runs.until(name, ({ counts }) => counts.byPhase.running === places)
    const other = await runs.start(gated, "gated.yaml")
    await runs.until(other, ({ tasks }) => tasks[0]?.phase === "queued")
    fill()
    await runs.cluster.deleteExecution(`default/${name}`)
    assert.deepEqual(processesWith("98763"), [])
    assert.equal(existsSync(path.join(disk, "runs/default", name)), false)
    makeRoom()
    go(other)
    assert.equal((await runs.ended(other)).phase, "succeeded")
    await runs.close()
  },
  fills: async () => {
    const runs = await localRuns(disk, runtime)
    const name = await runs.start(filling, "filling.yaml")
    await runs.until(name, ({ trouble }) => sentence.test(trouble ?? ""))
    const other = runs.start(gated, "gated.yaml")
    await assert.rejects(other, { kind: "full" })
    // Who looks after the machine empties the file.
    const big = path.join(disk, "runs/default", name, "claims/data/big")
    writeFileSync(big, "")
    const run = await runs.ended(name)
    assert.equal(run.phase, "failed")
    assert.match(JSON.stringify(run), /the disk had no room when it ended/)
    fill()
    await runs.cluster.deleteExecution(`default/${name}`)
    assert.equal(existsSync(path.join(disk, "runs/default", name)), false)
    makeRoom()
    const next = await runs.start(gated, "gated.yaml")
    go(next)
    assert.equal((await runs.ended(next)).phase, "succeeded")
    await runs.close()
  },
}

await cases[which]?.()
assert.deepEqual(left(disk), [], "half-written files are left")
console.log("as it should be")
process.exit(0)

/** Until not one more byte fits. */
function fill(): void {
  const file = path.join(disk, "ballast")
  for (let size = 64 * 1024; size >= 1; size = Math.floor(size / 2)) {
    for (;;) {
      try {
        appendFileSync(file, Buffer.alloc(size))
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC")
        break
      }
    }
  }
}

function makeRoom(): void {
  rmSync(path.join(disk, "ballast"))
}

/** Lets the first step of the run end. An empty file has room everywhere. */
function go(name: string): void {
  const claim = path.join(disk, "runs/default", name, "claims/data")
  const look = () => {
    if (existsSync(claim)) writeFileSync(path.join(claim, "go"), "")
    else setTimeout(look, 20)
  }
  look()
}

function left(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".new"),
  )
}

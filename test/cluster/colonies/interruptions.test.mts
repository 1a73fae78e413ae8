// What an executor or a server that goes away in the middle leaves: nothing, and every line once.
import assert from "node:assert/strict"
import { once } from "node:events"
import { after, before, test } from "node:test"
import { processState } from "#colonies/client/records"
import { until } from "../until.mts"
import { type ExecutorBed, openExecutorBed } from "./executorBed.mts"

let bed: ExecutorBed
before(async () => {
  bed = await openExecutorBed()
})
after(() => bed?.close())

/** A number each tenth of a second, from each of two containers. */
const counting = {
  conditions: { processespernode: 2 },
  kwargs: { cmd: "i=0; while [ $i -lt 150 ]; do i=$((i+1)); echo line $i; sleep 0.1; done" },
}

function checkLines(log: string): void {
  const numbers = log
    .split("\n")
    .filter((line) => line.startsWith("line "))
    .map((line) => Number(line.slice(5)))
    .sort((a, b) => a - b)
  const wanted = Array.from({ length: 150 }, (_, index) => index + 1).flatMap((n) => [n, n])
  assert.deepEqual(numbers, wanted)
}

test("an executor that is killed again and again is gone on with by the next: one Job, each line once", async () => {
  let executor = await bed.start()
  const id = await bed.submit(counting)
  const names = new Set<string>()
  for (const from of [10, 50, 90]) {
    await until(`line ${from} is there`, async () =>
      (await bed.logOf(id)).includes(`line ${from}\n`),
    )
    for (const { metadata } of await bed.jobs()) names.add(metadata.name)
    executor.child.kill("SIGKILL")
    await once(executor.child, "close")
    executor = await bed.start()
  }
  assert.equal((await bed.ended(id)).state, processState.successful)
  assert.equal(names.size, 1)
  checkLines(await bed.logOf(id))
  await bed.noJobs()
  executor.child.kill("SIGTERM")
  assert.equal((await executor.ended).code, 0)
})

test("a server that is away in the middle is waited for: each line once, and the real outcome", async () => {
  const executor = await bed.start()
  const id = await bed.submit(counting)
  for (const from of [10, 60]) {
    await until(`line ${from} is there`, async () =>
      (await bed.logOf(id)).includes(`line ${from}\n`),
    )
    await bed.gate.shut()
    await executor.until(/cannot be reached/)
    await bed.gate.open()
  }
  const process = await bed.ended(id)
  assert.equal(process.state, processState.successful, process.errors?.join())
  checkLines(await bed.logOf(id))
  await bed.noJobs()
  executor.child.kill("SIGKILL")
  await once(executor.child, "close")
})

test("a Job whose process ended while no executor was there is deleted by the next", async () => {
  const executor = await bed.start()
  const id = await bed.submit({ kwargs: { cmd: "echo begun; exec sleep 600" } })
  await until("it prints", async () => (await bed.logOf(id)).includes("begun"))
  executor.child.kill("SIGKILL")
  await once(executor.child, "close")
  await bed.colonies.user.call("cancelprocessmsg", { processid: id })
  assert.equal((await bed.jobs()).length, 1)
  const next = await bed.start()
  await bed.noJobs()
  next.child.kill("SIGKILL")
})

test("an executor that leaves the colony takes its Jobs with it, and its process waits for another", async () => {
  const name = `${bed.executorType}-leaves`
  const executor = await bed.start({ COLONIES_EXECUTOR_NAME: name }, "--deregister")
  const id = await bed.submit({
    conditions: { executornames: [name] },
    kwargs: { cmd: "echo begun; exec sleep 600" },
  })
  await until("it prints", async () => (await bed.logOf(id)).includes("begun"))
  executor.child.kill("SIGTERM")
  const { code, stdout, stderr } = await executor.ended
  assert.equal(code, 0, stdout + stderr)
  assert.match(stdout, /Deregistered/)
  assert.equal((await bed.read(id)).state, processState.waiting)
  await bed.noJobs()
  await bed.colonies.user.call("cancelprocessmsg", { processid: id })
})

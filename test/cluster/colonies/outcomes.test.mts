// How a process ends is how its containers ended; whatever happens, no Job is left.
import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { processState } from "#colonies/client/records"
import { until } from "../until.mts"
import { type ExecutorBed, openExecutorBed } from "./executorBed.mts"

let bed: ExecutorBed
before(async () => {
  bed = await openExecutorBed()
  await bed.start()
})
after(() => bed?.close())

suite("a process", { concurrency: true }, () => {
  test("whose command fails is failed, with the exit code and where it was", async () => {
    const id = await bed.submit({ kwargs: { cmd: "echo before; exit 3" } })
    const process = await bed.ended(id)
    assert.equal(process.state, processState.failed)
    assert.match(
      process.errors?.[0] ?? "",
      /^ContainerExecutor: Exit with an error, exit code = 3: Failed to execute process$/,
    )
    assert.match(process.errors?.[1] ?? "", /container "executorjob-container-0"/)
    const log = await bed.logOf(id)
    assert.equal(log.match(/^before$/gm)?.length, 1, log)
    assert.match(log, /exit code = 3/)
  })

  test("with one failing container of four is failed", async () => {
    const id = await bed.submit({
      conditions: { nodes: 2, processespernode: 2 },
      kwargs: { cmd: "if mkdir /cfs/first-{processid}; then exit 7; fi" },
      fs: { mount: "/cfs" },
    })
    const { state, errors } = await bed.ended(id)
    assert.equal(state, processState.failed)
    assert.match(errors?.[0] ?? "", /exit code = 7/)
  })

  test("whose image does not exist is failed with that, long before its time is up", async () => {
    const id = await bed.submit({
      kwargs: { "docker-image": "no-such-image:1", cmd: "true" },
      maxexectime: 60,
    })
    const process = await bed.ended(id)
    assert.equal(process.state, processState.failed)
    assert.match(process.errors?.[0] ?? "", /image "no-such-image:1" cannot be pulled/)
    const took = Date.parse(process.endtime) - Date.parse(process.starttime)
    assert.ok(took < 60_000, `${took} ms`)
  })

  test("whose walltime is shorter than its lease is refused in the published words", async () => {
    const id = await bed.submit({ kwargs: { cmd: "true" }, conditions: { walltime: 10 } })
    assert.deepEqual((await bed.ended(id)).errors, [
      "ContainerExecutor: Invalid funcspec, walltime must be > maxexectime: Failed to validate funcspec",
    ])
  })

  test("whose time is too short is tried as often as it says, then failed", async () => {
    const id = await bed.submit({
      kwargs: { cmd: "sleep 600" },
      conditions: { walltime: 5 },
      maxexectime: 5,
      maxretries: 1,
    })
    const process = await bed.ended(id)
    assert.equal(process.state, processState.failed)
    assert.match(process.errors?.join() ?? "", /Maximum execution time limit exceeded|Deadline/)
    await until("its Jobs are gone", async () => !(await jobIds()).includes(id))
  })

  test("that is cancelled in the middle loses its Job", async () => {
    const id = await bed.submit({ kwargs: { cmd: "echo begun; exec sleep 600" } })
    await until("it prints", async () => (await bed.logOf(id)).includes("begun"))
    await bed.colonies.user.call("cancelprocessmsg", { processid: id })
    await until("its Job is deleted", async () => !(await jobIds()).includes(id))
    assert.equal((await bed.read(id)).state, processState.cancelled)
  })

  test("whose Job somebody deletes is failed", async () => {
    const id = await bed.submit({ kwargs: { cmd: "echo begun; exec sleep 600" } })
    await until("it prints", async () => (await bed.logOf(id)).includes("begun"))
    const job = (await bed.jobs()).find((one) => processOf(one) === id)
    assert.ok(job)
    const gone = await bed.cluster.kubectl(
      "delete",
      "job",
      job.metadata.name,
      "-n",
      bed.namespace,
      "--wait=false",
    )
    assert.equal(gone.code, 0, gone.stderr)
    const process = await bed.ended(id)
    assert.equal(process.state, processState.failed)
    assert.match(process.errors?.[0] ?? "", /The Job is gone/)
  })

  test("with another function is failed, and one with none of the files it may have needs no storage", async () => {
    const id = await bed.submit({ funcname: "other", kwargs: { cmd: "true" } })
    assert.deepEqual((await bed.ended(id)).errors, ["Unsupported funcname"])
  })

  test("with numbers among its args runs", async () => {
    const id = await bed.submit({ kwargs: { cmd: "echo", args: ["{processid}", 1, true] } })
    assert.equal((await bed.ended(id)).state, processState.successful)
    assert.match(await bed.logOf(id), new RegExp(`^${id} 1 true$`, "m"))
  })
})

test("an executor that is compatible calls a failing command successful", async () => {
  const type = `${bed.executorType}-compatible`
  await bed.start({
    EXECUTOR_TYPE: type,
    COLONIES_EXECUTOR_NAME: type,
    EXECUTOR_COMPATIBLE: "true",
  })
  const id = await bed.submit({
    kwargs: { cmd: "echo once; exit 3" },
    conditions: { executortype: type },
  })
  const { state } = await bed.ended(id)
  assert.equal(state, processState.successful)
  assert.match(await bed.logOf(id), /^once$/m)
  await bed.noJobs()
})

async function jobIds(): Promise<readonly (string | undefined)[]> {
  return (await bed.jobs()).map(processOf)
}

function processOf({
  metadata,
}: {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> }
}) {
  return metadata.annotations["kube-executions/colonies-process"]
}

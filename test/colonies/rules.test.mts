// More of what a real Colonies server v1.9.12 was seen to do, one rule a test.
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import type { ColoniesServer } from "../support/colonies/coloniesServer.mts"
import { addExecutor, devKeys, startDevColony } from "../support/colonies/devColony.mts"
import { idOfKey } from "../support/colonies/identity.mts"
import { rawCall } from "../support/colonies/rawCall.mts"

type Json = Record<string, unknown>
type Who = keyof typeof devKeys

let server: ColoniesServer
let distributed: ColoniesServer
before(async () => {
  server = await startDevColony({ reregister: true })
  distributed = await startDevColony({ exclusive: false })
})
after(() => Promise.all([server.close(), distributed.close()]))

async function call(who: Who, msgtype: string, fields: Json = {}, at = server) {
  const { status, value, body } = await rawCall(at, devKeys[who], { msgtype, ...fields })
  return { status, value: value as Json, body }
}
const said = ({ status, value }: { status: number; value: Json }) => [status, value.message]
const conditions = { colonyname: "dev", executortype: "kube" }
const colonyname = "dev"
const submit = async (spec: Json, at = server) => {
  const { value } = await call(
    "user",
    "submitfuncspecmsg",
    { spec: { maxexectime: -1, ...spec } },
    at,
  )
  return String(value.processid)
}
const assignAt = (at: ColoniesServer, offer: Json = {}) =>
  call("executor", "assignprocessmsg", { colonyname, timeout: -1, ...offer }, at)
const stateOf = async (processid: string, at = server) =>
  (await call("user", "getprocessmsg", { processid }, at)).value.state

test("what a mode never assigns stays waiting in it, and another mode takes it", async () => {
  const specs: readonly Json[] = [
    { ...conditions, executornames: ["*"] },
    { ...conditions, storage: "1Gi" },
  ]
  for (const each of specs) {
    const here = await submit({ conditions: each })
    assert.equal((await assignAt(server)).status, 404)
    await call("user", "cancelprocessmsg", { processid: here })
    const there = await submit({ conditions: each }, distributed)
    assert.equal((await assignAt(distributed)).value.processid, there)
  }
})

test("128 nodes, too much memory, too much cpu and another's name are never assigned", async () => {
  const offer = { availablecpu: "1000m", availablemem: "1048576Ki" }
  for (const each of [
    { nodes: 128 },
    { cpu: "1001m" },
    { mem: "1025Mi" },
    { executornames: ["kube2"] },
    { locationname: "Umeå" },
  ]) {
    const processid = await submit({ conditions: { ...conditions, ...each } })
    assert.equal((await assignAt(server, offer)).status, 404, JSON.stringify(each))
    await call("user", "cancelprocessmsg", { processid })
  }
  const fits = await submit({ conditions: { ...conditions, cpu: "1000m", mem: "1Gi", nodes: 127 } })
  assert.equal((await assignAt(server, { availablecpu: "-1m" })).status, 404)
  assert.equal((await assignAt(server, offer)).value.processid, fits)
  await call("executor", "closesuccessfulmsg", { processid: fits, out: null })
})

test("a higher priority goes first, and the waiting are listed in that order", async () => {
  const low = await submit({ conditions, priority: -1 })
  const middle = await submit({ conditions })
  const high = await submit({ conditions, priority: 1 })
  const list = await call("user", "getprocessesmsg", { colonyname, count: 10, state: 0 })
  const listed = (list.value as unknown as Json[]).map(({ processid }) => processid)
  assert.deepEqual(listed, [high, middle, low])
  for (const processid of [high, middle, low]) {
    assert.equal((await assignAt(server)).value.processid, processid)
    await call("executor", "closesuccessfulmsg", { processid, out: [] })
  }
})

test("who closes what may be closed, and with which words the rest is refused", async () => {
  const processid = await submit({ conditions })
  const waiting = await call("executor", "closesuccessfulmsg", { processid, out: [] })
  assert.equal(waiting.status, 403)
  assert.match(String(waiting.value.message), /process is not assigned$/)
  await assignAt(server)
  assert.equal((await call("user", "closefailedmsg", { processid, errors: [] })).status, 403)
  for (const _twice of [1, 2]) {
    const { status, value } = await call("executor", "closesuccessfulmsg", { processid, out: [1] })
    assert.deepEqual([status, value], [200, {}])
  }
  assert.deepEqual(said(await call("executor", "closefailedmsg", { processid, errors: [] })), [
    400,
    "Tried to set successful process as failed",
  ])
  assert.deepEqual(said(await call("user", "cancelprocessmsg", { processid })), [
    400,
    "Tried to cancel successful process",
  ])
  const failed = await submit({ conditions })
  await assignAt(server)
  assert.deepEqual(said(await call("user", "removeprocessmsg", { processid: failed })), [
    400,
    "Failed to remove process, cannot remove a running process",
  ])
  await call("executor", "closefailedmsg", { processid: failed, errors: ["why"] })
  assert.deepEqual(said(await call("executor", "closesuccessfulmsg", { processid: failed })), [
    400,
    "Tried to set failed process as successful",
  ])
  const cancelled = await submit({ conditions })
  await call("user", "cancelprocessmsg", { processid: cancelled })
  assert.deepEqual(said(await call("user", "cancelprocessmsg", { processid: cancelled })), [
    400,
    "Tried to cancel already cancelled process",
  ])
})

test("a failed root takes its children with it; the branch beside it stays waiting and can be assigned", async () => {
  const node = (nodename: string, dependencies: readonly string[]) => ({
    nodename,
    conditions: { ...conditions, dependencies },
  })
  const send = async (functionspecs: unknown) => {
    const spec = { colonyname, functionspecs }
    const { value } = await call("user", "submitworkflowspecmsg", { spec })
    const graph = await call("user", "getprocessgraphmsg", { processgraphid: value.processgraphid })
    return { id: value.processgraphid, processes: graph.value.processids as string[] }
  }
  const chain = await send([node("a", []), node("b", ["a"]), node("c", ["b"])])
  const [a = ""] = chain.processes
  assert.deepEqual(said(await call("user", "cancelprocessmsg", { processid: a })), [
    400,
    "Failed to cancel, cannot cancel a process part of a workflow, cancel the entire workflow instead",
  ])
  await assignAt(server)
  await call("executor", "closefailedmsg", { processid: a, errors: ["why"] })
  for (const processid of chain.processes) assert.equal(await stateOf(processid), 3n)

  const beside = await send([node("x", []), node("y", []), node("z", ["y"])])
  const [x, y = "", z = ""] = beside.processes
  assert.equal((await assignAt(server)).value.processid, x)
  await call("executor", "closefailedmsg", { processid: x, errors: [] })
  const graph = await call("user", "getprocessgraphmsg", { processgraphid: beside.id })
  assert.equal(graph.value.state, 3n)
  assert.deepEqual([await stateOf(y), await stateOf(z)], [0n, 0n])
  assert.equal((await assignAt(server)).value.processid, y)
  await call("user", "cancelprocessgraphmsg", { processgraphid: beside.id })
  assert.deepEqual([await stateOf(y), await stateOf(z)], [4n, 4n])
})

test("a cycle is taken, and a graph without roots waits for ever without processes", async () => {
  const node = (nodename: string, dependency: string) => ({
    nodename,
    conditions: { ...conditions, dependencies: [dependency] },
  })
  const spec = { colonyname, functionspecs: [node("a", "b"), node("b", "a")] }
  const { status, value } = await call("user", "submitworkflowspecmsg", { spec })
  assert.deepEqual([status, value.state, value.processids], [200, 0n, []])
})

test("while a colony is paused nothing is assigned", async () => {
  const processid = await submit({ conditions })
  await call("colony", "pauseassignmentsmsg", { colonyname })
  const status = await call("user", "getpausestatusmsg", { colonyname })
  assert.deepEqual(status.value, { msgtype: "pausestatusreplymsg", colonyname, ispaused: true })
  assert.deepEqual(said(await assignAt(server)), [
    503,
    "No processes available: colony assignments are paused",
  ])
  assert.deepEqual(said(await assignAt(server, { timeout: 1 })), [
    408,
    "Assignment timeout: colony assignments are paused",
  ])
  await call("colony", "resumeassignmentsmsg", { colonyname })
  assert.equal((await assignAt(server)).value.processid, processid)
  await call("executor", "closesuccessfulmsg", { processid, out: [] })
})

test("an executor registers with lists of hardware, is no member before it is approved, and once removed gives its work back", async () => {
  const key = "1".repeat(64)
  const named = { colonyname, executorname: "kube3" }
  const executor = { ...named, executorid: idOfKey(key), executortype: "three" }
  const old = { ...executor, capabilities: { hardware: { model: "x" }, software: {} } }
  assert.deepEqual(said(await call("colony", "addexecutormsg", { executor: old })), [
    400,
    "Failed to add executor, invalid JSON",
  ])
  const hardware = [{ model: "x", nodes: 1, cpu: "4000m", mem: "8Gi" }]
  const software = [{ name: "a", type: "k8s", version: "1" }]
  const capabilities = { hardware, software }
  const added = await call("colony", "addexecutormsg", { executor: { ...executor, capabilities } })
  assert.deepEqual([added.status, added.value.state], [200, 0n])
  const ask = { msgtype: "assignprocessmsg", colonyname, timeout: -1 }
  assert.deepEqual(said((await rawCall(server, key, ask)) as never), [
    403,
    "Access denied, not a member of Colony with name <dev>",
  ])
  await call("colony", "approveexecutormsg", named)
  const processid = await submit({ conditions: { ...conditions, executortype: "three" } })
  assert.equal((await rawCall(server, key, ask)).status, 200)
  await call("colony", "removeexecutormsg", named)
  assert.equal(await stateOf(processid), 0n)
  assert.equal((await rawCall(server, key, ask)).status, 403)
  const found = await call("user", "getexecutormsg", named)
  assert.equal(found.value.state, 3n)
})

test("a name is taken for ever, unless the server lets executors register again", async () => {
  const executor = {
    ...{ colonyname, executorname: "kube1", executortype: "kube" },
    executorid: idOfKey("2".repeat(64)),
  }
  assert.deepEqual(said(await call("colony", "addexecutormsg", { executor }, distributed)), [
    400,
    "Executor with name <kube1> in Colony <dev> already exists",
  ])
  const own = { executorname: "twice", executortype: "twice" }
  await addExecutor(server, { ...own, key: "3".repeat(64) })
  await addExecutor(server, { ...own, key: "4".repeat(64) })
  const message = { msgtype: "getexecutorsmsg", colonyname }
  assert.equal((await rawCall(server, "3".repeat(64), message)).status, 403)
  assert.equal((await rawCall(server, "4".repeat(64), message)).status, 200)
})

test("an executor that fell silent is taken for gone, and its work is given back", async () => {
  const strict = await startDevColony({ staleSeconds: 1, sweepSeconds: 1 })
  try {
    const processid = await submit({ conditions }, strict)
    assert.equal((await assignAt(strict)).value.processid, processid)
    while ((await stateOf(processid, strict)) !== 0n) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.equal((await assignAt(strict)).status, 403)
  } finally {
    await strict.close()
  }
})

test("the owner of a colony is no member of it, and statistics refuse with an empty body", async () => {
  assert.deepEqual(said(await call("colony", "submitfuncspecmsg", { spec: { conditions } })), [
    403,
    "Access denied, not a member of Colony with name <dev>",
  ])
  const { status, body } = await call("colony", "getcolonystatsmsg", { colonyname })
  assert.deepEqual([status, body], [200, ""])
  const own = await call("user", "getcolonystatsmsg", { colonyname })
  assert.equal(own.value.activeexecutors, 2n)
})

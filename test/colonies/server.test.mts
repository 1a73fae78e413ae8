// The measured replies of a real Colonies server v1.9.12, which the server of these tests reproduces.
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import type { ColoniesServer } from "../support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../support/colonies/devColony.mts"
import { digest, idOfKey, sign, signerOf } from "../support/colonies/identity.mts"
import { rawCall } from "../support/colonies/rawCall.mts"

type Json = Record<string, unknown>

let server: ColoniesServer
before(async () => {
  server = await startDevColony()
})
after(() => server.close())

const keyB = "d6eb959e9aec2e6fdc44b5862b269e987b8a4d6f2baca542d8acaa97ee5e74f6"

async function asUser(message: { msgtype: string } & Json) {
  return rawCall(server, devKeys.user, message)
}
async function asExecutor(message: { msgtype: string } & Json) {
  return rawCall(server, devKeys.executor, message)
}
async function submit(spec: Json): Promise<Json> {
  const reply = await asUser({ msgtype: "submitfuncspecmsg", spec })
  assert.equal(reply.status, 200, reply.body)
  return reply.value as Json
}
async function assign(): Promise<Json> {
  const reply = await asExecutor({
    msgtype: "assignprocessmsg",
    colonyname: "dev",
    timeout: 60,
    availablecpu: "",
    availablemem: "",
  })
  assert.equal(reply.status, 200, reply.body)
  return reply.value as Json
}
const kube = { colonyname: "dev", executortype: "kube" }
const refusal = (reply: { status: number; value: unknown }) => {
  const { message } = reply.value as { message: string }
  return [reply.status, message]
}
const graphOf = async (processgraphid: unknown) =>
  (await asUser({ msgtype: "getprocessgraphmsg", processgraphid })).value as Json
const processOf = async (processid: unknown) =>
  (await asUser({ msgtype: "getprocessmsg", processid })).value as Json

test("keys, ids, digests and signatures are those of the published vectors", () => {
  assert.equal(
    digest("hello world").toString("hex"),
    "644bcc7e564373040999aac89e7622f3ca71fba1d972fd94a31c3bfbf24e3938",
  )
  const ids = {
    [devKeys.executor]: "4fef2b5a82d134d058c1883c72d6d9caf77cd59ca82d73105017590dea3dcb87",
    [keyB]: "5d6568f883451ae2e407d1a0a7992e414f2a67b69d0e6e9176d353b98f06f696",
    [devKeys.server]: "039231c7644e04b6895471dd5335cf332681c54e27f81fac54f9067b3f2c0103",
    [devKeys.colony]: "4787a5071856a4acf702b2ffcea422e3237a679c681314113d86139461290cf4",
    [devKeys.user]: "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac",
  }
  for (const [key, id] of Object.entries(ids)) assert.equal(idOfKey(key), id)
  const signature =
    "e713a1bb015fecabb5a084b0fe6d6e7271fca6f79525a634183cfdb175fe69241f4da161779d8e6b761200e1cf93766010a19072fa778f9643363e2cfadd640900"
  assert.equal(sign("hello", keyB), signature)
  const other =
    "997eca36736d465e0e8d64e6d657ff4c939c8f5cad4272797ea0fe372bfd8d0953d21b3d06ded5dd80aee8cfa3a9be7ce615ce690eb64184fe15962943fe541300"
  for (const each of [signature, other]) {
    assert.deepEqual(signerOf("hello", each), { kind: "known", id: ids[keyB] })
  }
  assert.equal(
    sign("dGVzdF9wYXlsb2Fk", devKeys.executor),
    "de155de91bebb9bda76aa82f756860fa4a44becfe41bfe57824a45dfff86d4944a5a1cce403033d4c34b1c1cbbfc45a998d080f9be6f1ddd7b482cc76482bf1a01",
  )
  assert.equal(
    sign("eyJtc2d0eXBlIjoiZ2V0ZXhlY3V0b3JzbXNnIiwiY29sb255bmFtZSI6ImRldiJ9", devKeys.user),
    "e3c5e76f19655aca0d5016eaa18222dafbf817bee2e20d8f0fed09a59936db47541d8f3faf7014c7ecc6f992f1edf2ae6277d7004718ecf9e0c38fbaf8adcd6100",
  )
})

test("a submitted process comes back as measured: units normalised, keys sorted, absent lists null or empty", async () => {
  const process = await submit({
    funcname: "execute",
    kwargs: { "docker-image": "busybox", cmd: "echo", args: ["hi"] },
    maxwaittime: -1,
    maxexectime: 80,
    maxretries: 3,
    conditions: {
      ...kube,
      NODES: 2,
      cpu: "500m",
      processespernode: 2,
      mem: "1Gi",
      gpu: { name: "g", mem: "11G", count: 1, nodecount: 4 },
      walltime: 90,
    },
    label: "lab",
    fs: {
      mount: "/cfs",
      dirs: [
        {
          label: "/hello",
          dir: "/hello",
          keepfiles: true,
          onconflicts: { onclose: { keeplocal: true } },
        },
      ],
    },
    env: { A: "1" },
  })
  const { processid, prioritytime, submissiontime, attributes, ...rest } = process
  assert.match(String(processid), /^[0-9a-f]{64}$/)
  assert.equal(String(prioritytime).length, 19)
  assert.match(String(submissiontime), /^\d{4}-\d\d-\d\dT[\d:.]+\+01:00$/)
  const [env] = attributes as Json[]
  assert.equal(env?.attributeid, digest(`${processid}A3`).toString("hex"))
  const golden = `{"initiatorid":"${idOfKey(devKeys.user)}","initiatorname":"myuser","assignedexecutorid":"","isassigned":false,"state":0,"starttime":"0001-01-01T01:12:12+01:12","endtime":"0001-01-01T01:12:12+01:12","waitdeadline":"0001-01-01T01:12:12+01:12","execdeadline":"0001-01-01T01:12:12+01:12","retries":0,"spec":{"nodename":"","funcname":"execute","args":[],"kwargs":{"args":["hi"],"cmd":"echo","docker-image":"busybox"},"priority":0,"maxwaittime":-1,"maxexectime":80,"maxretries":3,"conditions":{"colonyname":"dev","executornames":null,"executortype":"kube","dependencies":[],"nodes":2,"cpu":"500m","processes":0,"processespernode":2,"mem":"1024Mi","storage":"0Mi","gpu":{"name":"g","mem":"10490Mi","count":1,"nodecount":0},"walltime":90},"label":"lab","fs":{"mount":"/cfs","snapshots":null,"dirs":[{"label":"/hello","dir":"/hello","keepfiles":true,"onconflicts":{"onstart":{"keeplocal":false},"onclose":{"keeplocal":true}}}]},"env":{"A":"1"}},"waitforparents":false,"parents":[],"children":[],"processgraphid":"","in":[],"out":[],"errors":[]}`
  const asNumbers = JSON.stringify(rest, (_key, value) =>
    typeof value === "bigint" ? Number(value) : value,
  )
  assert.equal(asNumbers, golden)
  await asUser({ msgtype: "cancelprocessmsg", processid })
})

test("what is refused at submit is refused with the measured words", async () => {
  const table: readonly [Json, number, string][] = [
    [{ ...kube, nodes: "2" }, 400, "Failed to submit process, invalid JSON"],
    [{ ...kube, nodes: 2.5 }, 400, "Failed to submit process, invalid JSON"],
    [{ ...kube, cpu: "xm" }, 400, "Error converting CPU to int"],
    ...(["1024", "1", "Gi", "10Ti"] as const).map((mem): [Json, number, string] => [
      { ...kube, mem },
      400,
      'error converting memory to int: strconv.ParseInt: parsing "": invalid syntax',
    ]),
    ...(
      [
        ["1.5Gi", "1.5"],
        ["10mi", "10mi"],
        ["10 Gi", "10 "],
      ] as const
    ).map(([mem, rest]): [Json, number, string] => [
      { ...kube, mem },
      400,
      `error converting memory to int: strconv.ParseInt: parsing "${rest}": invalid syntax`,
    ]),
    [{ executortype: "kube" }, 403, "Colony with name <> does not exists"],
    [{ ...kube, colonyname: "x" }, 403, "Colony with name <x> does not exists"],
  ]
  for (const [conditions, status, message] of table) {
    const reply = await asUser({ msgtype: "submitfuncspecmsg", spec: { conditions } })
    assert.deepEqual(refusal(reply), [status, message], JSON.stringify(conditions))
  }
  const spec = { conditions: kube, priority: 50_001 }
  assert.deepEqual(refusal(await asUser({ msgtype: "submitfuncspecmsg", spec })), [
    400,
    "Failed to submit function spec, priority outside range [-50000, 50000]",
  ])
  assert.deepEqual(refusal(await asUser({ msgtype: "submitfuncspecmsg" })), [
    400,
    "Failed to submit process spec, msg.FunctionSpec is nil",
  ])
  const stranger = await rawCall(server, keyB, {
    msgtype: "submitfuncspecmsg",
    ...{ spec: { conditions: kube } },
  })
  assert.deepEqual(refusal(stranger), [
    403,
    "Access denied, not a member of Colony with name <dev>",
  ])
})

test("memory and cpu are read back normalised", async () => {
  for (const [given, back] of [
    ["10M", "9Mi"],
    ["500Ki", "0Mi"],
    ["-1Gi", "-1024Mi"],
    ["", "0Mi"],
  ]) {
    const process = await submit({ conditions: { ...kube, mem: given, cpu: "2.5" } })
    const { conditions } = process.spec as { conditions: Json }
    assert.deepEqual([conditions.mem, conditions.cpu], [back, "0m"])
    await asUser({ msgtype: "cancelprocessmsg", processid: process.processid })
  }
})

test("with no work an assignment ends with the 404 envelope, byte for byte", async () => {
  const reply = await asExecutor({ msgtype: "assignprocessmsg", colonyname: "dev", timeout: -1 })
  const payload = Buffer.from('{"status":404,"message":"No process available for assignment"}')
  assert.equal(reply.status, 404)
  assert.equal(
    reply.body,
    `{"payloadtype":"error","payload":"${payload.toString("base64")}","error":true}`,
  )
})

test("a waiting assignment gets the process that is submitted meanwhile, and a user key none", async () => {
  const waiting = assign()
  const { processid } = await submit({ conditions: kube, maxexectime: -1 })
  assert.equal((await waiting).processid, processid)
  await asExecutor({ msgtype: "closesuccessfulmsg", processid, out: [] })
  const user = await asUser({ msgtype: "assignprocessmsg", colonyname: "dev", timeout: -1 })
  assert.deepEqual(refusal(user), [500, "Failed to assign process, executor not found"])
})

test("log lines carry times beyond 2^53 and are read on from them exactly; NUL is refused twice in one body", async () => {
  const { processid } = await submit({ conditions: kube, maxexectime: -1 })
  await assign()
  for (const message of ["a\n", "b\n", "c\n"]) {
    await asExecutor({ msgtype: "addlogmsg", processid, message })
  }
  const read = { msgtype: "getlogsmsg", colonyname: "dev", processid, executorname: "" }
  const first = (await asUser({ ...read, count: 2, since: 0, latest: false })).value as Json[]
  assert.deepEqual(
    first.map(({ message }) => message),
    ["a\n", "b\n"],
  )
  const { timestamp, ...entry } = first[0] ?? {}
  assert.equal(String(timestamp).length, 19)
  assert.deepEqual(entry, { processid, colonyname: "dev", executorname: "kube1", message: "a\n" })
  assert.equal((await asUser({ ...read, count: 0 })).value, null)
  const latest = (await asUser({ ...read, count: 1, latest: true })).value as Json[]
  assert.equal(latest[0]?.message, "c\n")
  const refused = await asExecutor({ msgtype: "addlogmsg", processid, message: "x\0" })
  assert.deepEqual(refusal(refused), [400, 'pq: invalid byte sequence for encoding "UTF8": 0x00'])
  const half = refused.body.length / 2
  assert.equal(refused.body.slice(0, half), refused.body.slice(half))
  await asExecutor({ msgtype: "closesuccessfulmsg", processid, out: [] })
  assert.deepEqual(refusal(await asExecutor({ msgtype: "addlogmsg", processid, message: "x" })), [
    403,
    "Failed to set output, process is not running",
  ])
})

test("a process beyond its time goes back to the queue, then fails; its executor gets 403", async () => {
  const { processid } = await submit({ conditions: kube, maxexectime: 1, maxretries: 1 })
  await assign()
  const again = await assign()
  assert.deepEqual([again.processid, again.retries], [processid, 1n])
  await until(async () => (await processOf(processid)).state === 3n)
  assert.deepEqual((await processOf(processid)).errors, ["Maximum execution time limit exceeded"])
  assert.equal((await asExecutor({ msgtype: "addlogmsg", processid, message: "x" })).status, 403)
})

test("a child gets what its parents put out, in the order of its dependencies", async () => {
  const node = (nodename: string, dependencies: readonly string[]) => ({
    nodename,
    conditions: { ...kube, dependencies },
  })
  const functionspecs = [node("a", []), node("b", ["a"]), node("c", ["a"]), node("d", ["b", "c"])]
  const { value } = await asUser({
    msgtype: "submitworkflowspecmsg",
    spec: { colonyname: "dev", functionspecs },
  })
  const { processgraphid, starttime, nodes } = value as Json
  assert.deepEqual([starttime, nodes], ["0001-01-01T00:00:00Z", []])
  for (const _each of functionspecs) {
    const process = await assign()
    const { nodename } = process.spec as { nodename: string }
    if (nodename === "d") assert.deepEqual(process.in, ["out_b", 1n, "out_c", 1n])
    const out = [`out_${nodename}`, 1]
    await asExecutor({ msgtype: "closesuccessfulmsg", processid: process.processid, out })
  }
  const graph = await graphOf(processgraphid)
  assert.equal(graph.state, 2n)
  assert.deepEqual(
    (graph.nodes as Json[]).map(({ type, position }) => [type, (position as Json).y]),
    [
      ["input", 0n],
      ["", 80n],
      ["", 80n],
      ["output", 160n],
    ],
  )
})

test("what is wrong with a workflow is refused with the measured words, and an orphan blocks the list", async () => {
  const send = (functionspecs: unknown) =>
    asUser({ msgtype: "submitworkflowspecmsg", spec: { colonyname: "dev", functionspecs } })
  const a = { nodename: "a", conditions: kube }
  assert.deepEqual(refusal(await send([{ conditions: kube }])), [
    500,
    "Nodename is missing, check function spec for errors",
  ])
  assert.deepEqual(refusal(await send([a, a])), [500, "Duplicate nodename: a"])
  const unknown = { nodename: "b", conditions: { ...kube, dependencies: ["z"] } }
  assert.deepEqual(refusal(await send([a, unknown])), [
    500,
    "Failed to submit workflow, invalid dependencies, are you depending on a nodename that does not exits?",
  ])
  const list = { msgtype: "getprocessgraphsmsg", colonyname: "dev", count: 10, state: 0 }
  const [status, message] = refusal(await asUser(list))
  assert.equal(status, 400)
  assert.match(
    String(message),
    /^Failed to iterate processgraph, process with ID=[0-9a-f]{64} not found$/,
  )
  await rawCall(server, devKeys.colony, {
    msgtype: "removeallprocessgraphsmsg",
    ...{ colonyname: "dev", state: -1 },
  })
  assert.equal((await asUser(list)).value, null)
})

test("labels: exact shows nothing below a label without files of its own; a prefix shows its namesakes", async () => {
  const add = (label: string) =>
    asUser({ msgtype: "addfilemsg", file: { colonyname: "dev", label, name: "f", checksum: "1" } })
  for (const label of ["/t/sub", "/tt"]) await add(label)
  const labels = async (name: string, exact: boolean) =>
    (await asUser({ msgtype: "getfilelabelsmsg", colonyname: "dev", name, exact })).value
  assert.equal(await labels("/t", true), null)
  const names = ((await labels("/t", false)) as Json[]).map(({ name }) => name)
  assert.deepEqual(names, ["/t/sub", "/tt"])
  await add("t/")
  assert.deepEqual(((await labels("/t", true)) as Json[]).map(({ name }) => name).sort(), [
    "/t",
    "/t/sub",
  ])
})

test("a subscription tells a state that is already there, and the connection drops when its time is over", async () => {
  const { processid } = await submit({ conditions: kube, maxexectime: -1 })
  await asUser({ msgtype: "cancelprocessmsg", processid })
  const message = { msgtype: "subscribeprocessmsg", colonyname: "dev", processid }
  const text = JSON.stringify({ ...message, executortype: "", state: 4, timeout: 1 })
  const payload = Buffer.from(text).toString("base64")
  const socket = new WebSocket(`ws://${server.host}:${server.port}/pubsub`)
  const got = Promise.withResolvers<string>()
  const closed = Promise.withResolvers<number>()
  socket.onmessage = ({ data }) => got.resolve(String(data))
  socket.onclose = ({ code }) => closed.resolve(code)
  socket.onopen = () =>
    socket.send(
      JSON.stringify({
        payloadtype: message.msgtype,
        payload,
        signature: sign(payload, devKeys.user),
      }),
    )
  const reply = JSON.parse(await got.promise)
  assert.equal(reply.payloadtype, "subscribeprocessmsg")
  assert.equal(JSON.parse(Buffer.from(reply.payload, "base64").toString()).processid, processid)
  assert.equal(await closed.promise, 1006)
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50))
}

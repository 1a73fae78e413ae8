// An executor and its server: who it is there, and what it logs when replies get lost.
import assert from "node:assert/strict"
import { randomBytes } from "node:crypto"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { after, before, test } from "node:test"
import { ColonyError } from "#colonies/client/colonyError"
import { seal } from "#colonies/client/envelope"
import { identityOf, newPrivateKey } from "#colonies/client/identity"
import type { ColoniesServer } from "#colonies/client/server"
import { LeaseLost } from "#colonies/executor/leaseLost"
import { ProcessLog } from "#colonies/executor/processLog"
import { connectAs, deregister, register } from "#colonies/executor/register"
import { type ExecutorSettings, settingsOfEnvironment } from "#colonies/executor/settings"
import { type Bed, functionSpec, openBed } from "./bed.mts"

let bed: Bed
before(async () => {
  bed = await openBed()
})
after(() => bed?.close())

const never = new AbortController().signal
const quiet = () => {}

function settings(changes: Readonly<Record<string, string | undefined>> = {}): ExecutorSettings {
  const name = `executor-${randomBytes(4).toString("hex")}`
  const read = settingsOfEnvironment({
    COLONIES_SERVER_HOST: bed.server.host,
    COLONIES_SERVER_PORT: String(bed.server.port),
    COLONIES_TLS: process.env.COLONIES_TLS ?? "false",
    COLONIES_COLONY_NAME: bed.colony,
    COLONIES_COLONY_PRVKEY: bed.colonyKey,
    COLONIES_EXECUTOR_NAME: name,
    EXECUTOR_TYPE: name,
    EXECUTOR_HW_TOTAL_CPU: "4000m",
    EXECUTOR_HW_TOTAL_MEM: "8Gi",
    ...changes,
  })
  if ("faults" in read) throw new Error(read.faults.join("\n"))
  return read
}

async function seen({ name }: ExecutorSettings) {
  const all = await bed.user.call("getexecutorsmsg", { colonyname: bed.colony })
  return (all ?? []).filter(({ executorname }) => executorname === name)
}

test("it registers itself with lists, is approved, and is the same one after a restart", async () => {
  const own = settings()
  for (const said of [/Self-registered/, /is registered already/]) {
    const lines: string[] = []
    const server = connectAs(own)
    await register(own, server, (line) => lines.push(line), never)
    assert.match(lines.join("\n"), said)
    const [executor, ...others] = await seen(own)
    assert.equal(others.length, 0)
    assert.equal(executor?.state, 1)
    assert.equal(executor?.executorid, server.id)
    const { hardware } = (executor?.capabilities ?? {}) as { hardware?: readonly { cpu: string }[] }
    assert.equal(hardware?.[0]?.cpu, "4000m")
    const named = { colonyname: bed.colony, executorname: own.name }
    const functions = await server.call("getfunctionsmsg", named)
    const names = (functions ?? []).map(({ funcname }) => funcname)
    assert.deepEqual(names.sort(), ["execute", "sync"])
    await server.close()
  }
  await deregister(own)
  assert.equal((await seen(own))[0]?.state, 3)
})

test("a name that somebody else has is told, with what to do", async () => {
  const own = settings()
  const other = connectAs({ ...own, colonyKey: undefined, privateKey: bed.colonyKey })
  const executorid = identityOf(newPrivateKey())?.id
  const named = { colonyname: bed.colony, executorname: own.name }
  await other.call("addexecutormsg", { executor: { ...named, executorid, executortype: own.type } })
  await other.close()
  const server = connectAs(own)
  const refused = (error: unknown) =>
    error instanceof ColonyError && /another COLONIES_EXECUTOR_NAME/.test(error.message)
  await assert.rejects(register(own, server, quiet, never), refused)
  await server.close()
})

test("a server of 1.8, which reads objects where today's read lists, takes it too", async () => {
  const old = await startOldServer()
  const own = settings({
    COLONIES_SERVER_HOST: "127.0.0.1",
    COLONIES_SERVER_PORT: String(old.port),
    COLONIES_TLS: "false",
    EXECUTOR_LOCATION_DESC: "Luleå",
  })
  const server = connectAs(own)
  try {
    await register(own, server, quiet, never)
    assert.equal((await seen(own))[0]?.state, 1)
    assert.deepEqual(old.location, { desc: "Luleå", long: 0, lat: 0 })
  } finally {
    await server.close()
    await deregister(own)
    await old.close()
  }
})

test("a message whose reply gets lost is there once, whether it arrived or not", async () => {
  const process = await running()
  const lossy = losing(bed.executor, ["before", "after", "before", "before", "after"])
  const log = new ProcessLog(lossy, bed.colony, process.processid, never)
  assert.equal(await log.count(), 0)
  const sent = Array.from({ length: 8 }, (_, index) => `${index % 3}\n`)
  for (const message of sent) await log.send(message)
  assert.equal(log.messages, sent.length)
  const page = await bed.user.call("getlogsmsg", {
    colonyname: bed.colony,
    processid: process.processid,
    executorname: "",
    count: 500,
    since: 0n,
    latest: false,
  })
  assert.deepEqual(
    page?.map(({ message }) => message),
    sent,
  )
  await bed.succeed(process)
})

test("a process that was cancelled takes no more messages, and that is no failure of the server", async () => {
  const process = await running()
  await bed.user.call("cancelprocessmsg", { processid: process.processid })
  const log = new ProcessLog(bed.executor, bed.colony, process.processid, never)
  await assert.rejects(log.send("late\n"), LeaseLost)
})

async function running() {
  const { conditions, ...spec } = functionSpec(bed.executorType)
  await bed.user.call("submitfuncspecmsg", {
    spec: { ...spec, conditions: { ...conditions, colonyname: bed.colony } },
  })
  return bed.assign()
}

/** Loses messages before they are sent, or their replies. */
function losing(server: ColoniesServer, losses: ("before" | "after")[]): ColoniesServer {
  return {
    ...server,
    call: async (type, fields, options) => {
      const loss = type === "addlogmsg" ? losses.shift() : undefined
      if (loss === "before") throw new ColonyError("offline", "not sent")
      const reply = await server.call(type, fields, options)
      if (loss === "after") throw new ColonyError("offline", "no reply")
      return reply
    },
  }
}

/** Stands before the server and reads as version 1.8 did; what it takes it passes on in today's form. */
async function startOldServer() {
  const owner = identityOf(bed.colonyKey)
  let location: unknown
  const server = createServer(async (request, response) => {
    let body = await textOf(request)
    const { payloadtype, payload } = JSON.parse(body)
    if (payloadtype === "addexecutormsg") {
      const { executor } = JSON.parse(Buffer.from(payload, "base64").toString())
      const { hardware, software } = executor.capabilities
      if (Array.isArray(hardware) || Array.isArray(software)) {
        const message = "Failed to add executor, invalid JSON"
        const answer = Buffer.from(JSON.stringify({ status: 400, message })).toString("base64")
        response.statusCode = 400
        response.end(JSON.stringify({ payloadtype: "error", payload: answer, error: true }))
        return
      }
      location = executor.location
      const { location: _, ...rest } = executor
      const capabilities = { hardware: [hardware], software: [software] }
      body = seal(payloadtype, { executor: { ...rest, capabilities } }, owner)
    }
    const { host, port } = bed.server
    const onward = await fetch(`http://${host}:${port}/api`, { method: "POST", body })
    response.statusCode = onward.status
    response.end(await onward.text())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get location() {
      return location
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ""
  for await (const chunk of request) text += chunk
  return text
}

import { afterEach, beforeEach, expect, test } from "vitest"
import { applyRunChange } from "#core/view/runChange"
import type { RunView } from "#core/view/statusTree"
import type { Place } from "#engine/place"
import type { ColoniesServer as TestServer } from "../../test/support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../../test/support/colonies/devColony.mts"
import type { FunctionSpecRecord, ProcessRecord } from "../client/records.ts"
import { type ColoniesServer, connectColonies } from "../client/server.ts"
import { eachLimited } from "../files/eachLimited.ts"
import { openColoniesPlace } from "./openColoniesPlace.ts"

/** More than two of the lists that the server gives out, each of a hundred. */
const many = 260

let server: TestServer
let user: ColoniesServer
let executor: ColoniesServer
let place: Place

beforeEach(async () => {
  server = await startDevColony()
  const { host, port } = server
  const connect = (privateKey: string) => connectColonies({ host, port, tls: false, privateKey })
  user = connect(devKeys.user)
  executor = connect(devKeys.executor)
  const variables = {
    COLONIES_SERVER_HOST: host,
    COLONIES_SERVER_PORT: String(port),
    COLONIES_TLS: "false",
    COLONIES_COLONY_NAME: "dev",
    COLONIES_PRVKEY: devKeys.user,
  }
  const opened = await openColoniesPlace({
    kind: "colonies",
    profile: { name: "lab", variables },
  })
  place = opened.place
})

afterEach(async () => {
  await place.stop()
  await Promise.all([user.close(), executor.close()])
  await server.close()
})

const patience = { timeout: 60_000 }

function spec(nodename: string, ...dependencies: readonly string[]) {
  const conditions = { colonyname: "dev", executortype: "kube", dependencies }
  return { nodename, funcname: "execute", conditions, maxexectime: 1_000 }
}

async function submitProcesses(count: number): Promise<void> {
  const rest = Array.from({ length: count }, () => spec(""))
  await eachLimited(
    rest,
    8,
    async (one) => void (await user.call("submitfuncspecmsg", { spec: one })),
  )
}

async function submitWorkflow(functionspecs: readonly FunctionSpecRecord[]): Promise<string> {
  const workflow = { colonyname: "dev", functionspecs }
  const graph = await user.call("submitworkflowspecmsg", { spec: workflow })
  return `workflow-${graph.processgraphid.slice(0, 12)}`
}

/** A root and `many` that wait for it. */
const fan = () => [
  spec("root"),
  ...Array.from({ length: many }, (_, i) => spec(`leaf-${i}`, "root")),
]

async function assign(count: number): Promise<readonly ProcessRecord[]> {
  const found: ProcessRecord[] = []
  const wish = { colonyname: "dev", timeout: 20, availablecpu: "", availablemem: "" }
  await eachLimited(Array(count).keys(), 8, async () => {
    found.push(await executor.call("assignprocessmsg", wish, { timeoutMs: 30_000 }))
  })
  return found
}

async function succeed(processes: readonly ProcessRecord[]): Promise<void> {
  await eachLimited(processes, 8, async ({ processid }) => {
    await executor.call("closesuccessfulmsg", { processid, out: [] })
  })
}

/** A run that somebody looks into, as its changes make it. */
async function watch(name: string) {
  let view: RunView | undefined
  const opened = await place.openRun(name, (change) => {
    view = applyRunChange(view, change)
  })
  view ??= opened?.view
  const phases = () => {
    const found: Record<string, number> = {}
    for (const { phase } of view?.tasks ?? []) found[phase] = (found[phase] ?? 0) + 1
    return found
  }
  return { phases, close: () => opened?.close() }
}

test("of a workflow with hundreds of processes each is seen to wait, run and end", async () => {
  const name = await submitWorkflow(fan())
  await place.start()
  place.onChange(() => {})
  const { phases } = await watch(name)
  expect(phases()).toEqual({ queued: 1, waiting: many })
  await succeed(await assign(1))
  await expect.poll(phases, patience).toEqual({ succeeded: 1, queued: many })
  const half = await assign(many / 2)
  await expect.poll(phases, patience).toEqual({ succeeded: 1, running: many / 2, queued: many / 2 })
  await succeed(half)
  await expect.poll(phases, patience).toEqual({ succeeded: 1 + many / 2, queued: many / 2 })
  expect(place.state().cutAt).toBeUndefined()
}, 120_000)

test("one that was over before anybody looked is told whole: tasks, events and logs", async () => {
  const name = await submitWorkflow(fan())
  for (const count of [1, many]) {
    const processes = await assign(count)
    await eachLimited(processes, 8, async ({ processid }) => {
      await executor.call("addlogmsg", { processid, message: "x\n" })
    })
    await succeed(processes)
  }
  await place.start()
  const summary = place.state().runs.find((run) => run.name === name)
  expect(summary?.counts).toMatchObject({ total: many + 1 })
  const events = await place.events(name)
  expect(events.filter(({ reason }) => reason === "Succeeded")).toHaveLength(many + 1)
  const printed = new Set<string>()
  const { signal } = new AbortController()
  await place.copyLog(name, {}, ({ step }) => printed.add(step), signal)
  expect(printed.size).toBe(many + 1)
  expect((await watch(name)).phases()).toEqual({ succeeded: many + 1 })
}, 120_000)

test("that there are more than the hundred that a list tells is said as long as it is so", async () => {
  await submitProcesses(100)
  await place.start()
  place.onChange(() => {})
  expect(place.state()).toMatchObject({ runs: { length: 100 } })
  expect(place.state().cutAt).toBeUndefined()
  await submitProcesses(many - 100)
  await expect.poll(() => place.state().cutAt, patience).toBe(100)
  const processes = await assign(many - 100)
  await succeed(processes.slice(0, 80))
  await expect.poll(() => place.state().cutAt, patience).toBeUndefined()
  expect(place.state().runs).toHaveLength(many)
}, 120_000)

test("a run that somebody looks into stays when a hundred newer ones end like it", async () => {
  const name = await submitWorkflow([spec("a"), spec("b", "a")])
  for (const _ of ["a", "b"]) await succeed(await assign(1))
  await place.start()
  place.onChange(() => {})
  const { phases, close } = await watch(name)
  const isListed = () => place.state().runs.some((run) => run.name === name)
  for (let i = 0; i < 101; i += 1) await submitWorkflow([spec("one")])
  await succeed(await assign(101))
  await expect.poll(() => place.state().cutAt, patience).toBe(100)
  expect(isListed()).toBe(true)
  expect(phases()).toEqual({ succeeded: 2 })
  close()
  await submitProcesses(1)
  await expect.poll(isListed, patience).toBe(false)
}, 120_000)

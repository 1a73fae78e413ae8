import { afterEach, beforeEach, expect, test } from "vitest"
import { applyRunChange } from "#core/view/runChange"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import type { Place } from "#engine/place"
import type { PlaceState, SpecSource } from "#engine/protocol"
import type { ColoniesServer as TestServer } from "../../test/support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../../test/support/colonies/devColony.mts"
import type { ProcessRecord } from "../client/records.ts"
import { type ColoniesServer, connectColonies } from "../client/server.ts"
import { openColoniesPlace } from "./openColoniesPlace.ts"

let colony: TestServer
let executor: ColoniesServer
let place: Place
/** The place as somebody sees it who listens. */
let seen: { readonly runs: Map<string, RunSummary>; stale: PlaceState["stale"] }

beforeEach(async () => {
  colony = await startDevColony()
  const { host, port } = colony
  executor = connectColonies({ host, port, tls: false, privateKey: devKeys.executor })
  place = await open()
  await place.start()
  const state = place.state()
  seen = { runs: new Map(state.runs.map((run) => [run.name, run])), stale: state.stale }
  place.onChange((change) => {
    for (const run of change.runs) seen.runs.set(run.name, run)
    for (const name of change.removed) seen.runs.delete(name)
    seen.stale = change.stale
  })
})

afterEach(async () => {
  await place.stop()
  await executor.close()
  await colony.close()
})

async function open(changes: Record<string, string> = {}): Promise<Place> {
  const variables = {
    COLONIES_SERVER_HOST: colony.host,
    COLONIES_SERVER_PORT: String(colony.port),
    COLONIES_TLS: "false",
    COLONIES_COLONY_NAME: "dev",
    COLONIES_PRVKEY: devKeys.user,
    ...changes,
  }
  return (await openColoniesPlace({ kind: "colonies", profile: { name: "lab", variables } })).place
}

function specOf(value: object): SpecSource {
  return { path: "/specs/spec.json", text: JSON.stringify(value), document: 0 }
}

function functionSpec(changes: object = {}) {
  return {
    conditions: {
      executortype: "kube",
      nodes: 1,
      processespernode: 1,
      cpu: "500m",
      mem: "256Mi",
      walltime: 120,
    },
    funcname: "execute",
    kwargs: { "docker-image": "busybox", cmd: "echo", args: ["hi"] },
    maxexectime: 100,
    maxretries: 1,
    ...changes,
  }
}

const node = (nodename: string, ...dependencies: readonly string[]) => {
  const spec = functionSpec()
  return { nodename, ...spec, conditions: { ...spec.conditions, dependencies } }
}

async function start(value: object): Promise<string> {
  const { name } = await place.startRun(specOf(value), { name: "" })
  return name
}

function assign(): Promise<ProcessRecord> {
  const wish = { colonyname: "dev", timeout: 20, availablecpu: "", availablemem: "" }
  return executor.call("assignprocessmsg", wish, { timeoutMs: 30_000 })
}

const ended = { timeout: 20_000 }
const phaseOf = (name: string) => () => seen.runs.get(name)?.phase

/** A run that is looked into, as its changes make it. */
async function watch(name: string): Promise<() => RunView> {
  let view: RunView | undefined
  const opened = await place.openRun(name, (change) => {
    view = applyRunChange(view, change)
  })
  view ??= opened?.view
  return () => {
    if (view === undefined) throw new Error(`no run ${name}`)
    return view
  }
}

async function logOf(name: string, step?: string): Promise<string[]> {
  const lines: string[] = []
  const options = { follow: true, ...(step ? { step } : {}) }
  const signal = AbortSignal.timeout(20_000)
  await place.copyLog(
    name,
    options,
    (source, more) => lines.push(...more.map((line) => `${source.step}| ${line}`)),
    signal,
  )
  return lines
}

test("a process is a run with one task, from its submission to its end", async () => {
  const name = await start(functionSpec())
  expect(name).toMatch(/^execute-[0-9a-f]{12}$/)
  const view = await watch(name)
  await expect.poll(phaseOf(name), ended).toBe("queued")
  expect(view().tasks[0]?.reason?.sentence).toBe('waits for an executor of type "kube"')
  expect(view().tasks[0]?.steps?.[0]).toMatchObject({ id: "execute.0", command: "echo hi" })

  const process = await assign()
  expect(view().id).toBe(process.processid)
  await expect.poll(phaseOf(name), ended).toBe("running")
  const log = logOf(name)
  await executor.call("addlogmsg", { processid: process.processid, message: "one\ntw" })
  await executor.call("addlogmsg", { processid: process.processid, message: "o\nå∫🦊" })
  await executor.call("closesuccessfulmsg", { processid: process.processid, out: ["x", 1] })

  await expect.poll(phaseOf(name), ended).toBe("succeeded")
  expect(await log).toEqual(["execute.0| one", "execute.0| two", "execute.0| å∫🦊"])
  await expect.poll(() => view().tasks[0]?.steps?.[0]?.result, ended).toBe("x 1")
  const [attempt] = view().tasks[0]?.steps?.[0]?.attempts ?? []
  expect(attempt?.tries[0]).toMatchObject({ node: "kube1", phase: "succeeded" })
  expect(view().finishedAt).not.toBeNull()
})

test("a workflow is one run whose tasks are its processes; who fails is named", async () => {
  const name = await start([node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c")])
  expect(name).toMatch(/^workflow-/)
  const view = await watch(name)
  expect(view().tasks.map((task) => [task.name, task.dependencies.map((one) => one.task)])).toEqual(
    [
      ["a", []],
      ["b", ["a"]],
      ["c", ["a"]],
      ["d", ["b", "c"]],
    ],
  )
  expect(view().tasks[3]?.reason?.sentence).toBe('waits for "b", "c"')
  expect([...seen.runs.keys()].filter((run) => !run.startsWith("workflow-"))).toEqual([])

  const a = await assign()
  await executor.call("closesuccessfulmsg", { processid: a.processid, out: [] })
  await expect
    .poll(() => view().tasks.map(({ phase }) => phase), ended)
    .toEqual(["succeeded", "queued", "queued", "waiting"])
  const b = await assign()
  await executor.call("closefailedmsg", { processid: b.processid, errors: ["no luck"] })
  await expect.poll(phaseOf(name), ended).toBe("failed")
  await expect
    .poll(() => seen.runs.get(name)?.reason ?? "", ended)
    .toMatch(/no luck|marked as failed/)
  await expect.poll(() => view().message, ended).toBe(`"${b.spec.nodename}" failed: no luck`)
  await expect.poll(() => view().tasks[3]?.phase, ended).toBe("not-started")
})

test("tasks are called as their text calls them everywhere, so that both are seen to belong together", async () => {
  const name = await start([node("Prep"), node("train_it", "Prep")])
  const view = await watch(name)
  expect(view().tasks.map((task) => [task.name, task.dependencies.map((one) => one.task)])).toEqual(
    [
      ["prep", []],
      ["train-it", ["prep"]],
    ],
  )
})

test("what nobody can take says so", async () => {
  const spec = functionSpec()
  const name = await start({ ...spec, conditions: { ...spec.conditions, executortype: "moon" } })
  await expect
    .poll(() => seen.runs.get(name)?.reason, ended)
    .toBe('waits for an executor of type "moon", and "dev" has none')
})

test("stopping cancels, deleting removes, also what still runs", async () => {
  const waiting = await start(functionSpec())
  await place.wish(waiting, { kind: "stop", by: "ann" })
  await expect.poll(phaseOf(waiting), ended).toBe("stopped")
  await expect(place.wish(waiting, { kind: "stop", by: "ann" })).rejects.toThrow(/over already/)
  await place.deleteRun(waiting)
  await expect.poll(() => seen.runs.has(waiting), ended).toBe(false)

  const workflow = await start([node("a"), node("b", "a")])
  await assign()
  await expect.poll(phaseOf(workflow), ended).toBe("running")
  await place.deleteRun(workflow)
  await expect.poll(() => seen.runs.has(workflow), ended).toBe(false)
  await expect(place.wish(workflow, { kind: "stop", by: "ann" })).rejects.toThrow(/any more/)
  await expect(place.wish(waiting, { kind: "retry", by: "ann" })).rejects.toThrow(/Run the spec/)
})

test("what others submit, and what others remove, is seen", async () => {
  const { host, port } = colony
  const other = connectColonies({ host, port, tls: false, privateKey: devKeys.user })
  const spec = { ...functionSpec(), conditions: { executortype: "kube", colonyname: "dev" } }
  const { processid } = await other.call("submitfuncspecmsg", { spec })
  const name = `execute-${processid.slice(0, 12)}`
  await expect.poll(phaseOf(name), ended).toBe("queued")
  await other.call("removeprocessmsg", { processid, all: false })
  await other.close()
  await expect.poll(() => seen.runs.has(name), ended).toBe(false)
})

test("a server that goes away makes the picture stale, and says why", async () => {
  const name = await start(functionSpec())
  await colony.close()
  await expect.poll(() => seen.stale?.kind, { timeout: 30_000 }).toBe("unreachable")
  expect(seen.stale?.message).toMatch(/cannot be reached/)
  expect(seen.runs.has(name)).toBe(true)
}, 40_000)

test("what a server would not take is not sent, with a sentence", async () => {
  const cycle = [node("a", "b"), node("b", "a")]
  await expect(place.startRun(specOf(cycle), { name: "" })).rejects.toThrow(/a → b|b → a/)
  const execution = { apiVersion: "execution.kubegene.io/v1alpha1", kind: "Execution" }
  await expect(place.startRun(specOf(execution), { name: "" })).rejects.toThrow(/takes function/)
  const until = place.prepareRun(specOf([node("a")]), { until: ["a"] })
  await expect(until).rejects.toThrow(/all of a workflow/)
  expect(await place.prepareRun(specOf([node("a"), node("b")]), {})).toMatchObject({ jobs: 2 })
})

test("a profile that is not whole, and a stranger, are refused in a sentence without keys", async () => {
  await expect(open({ COLONIES_COLONY_NAME: "" })).rejects.toThrow(
    'The Colonies profile "lab" is not whole. COLONIES_COLONY_NAME is not set',
  )
  const stranger = await open({ COLONIES_PRVKEY: "1".repeat(64) })
  const refusal: unknown = await stranger.start().catch((error: unknown) => error)
  await stranger.stop()
  expect(refusal).toMatchObject({ name: "ClusterError", kind: "forbidden" })
  expect(JSON.stringify([refusal, String(refusal), stranger.info])).not.toContain("1".repeat(64))
})

test("executors with their functions, labels and statistics are told", async () => {
  const fun = {
    executorname: "kube1",
    executortype: "kube",
    colonyname: "dev",
    funcname: "execute",
  }
  await executor.call("addfunctionmsg", { fun })
  await start(functionSpec())
  const look = await place.colony?.look()
  expect(look?.executors).toMatchObject([
    { name: "kube1", type: "kube", state: "approved", functions: [{ name: "execute" }] },
  ])
  expect(look?.statistics[0]).toEqual({ state: "waiting", processes: 1, workflows: 0 })
  expect(look?.storageProblem).toMatch(/AWS_S3_ENDPOINT/)
})

import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { promisify } from "node:util"
import { applyRunChange } from "#core/view/runChange"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import { connectEngine, type EngineConnection } from "#engine/engineClient"
import type { LogText, PlaceState, RunChange } from "#engine/protocol"
import { root } from "../support/folders.mts"
import { type Bed, functionSpec, openBed } from "./bed.mts"

let bed: Bed
let home: string
let engine: EngineConnection
let place: PlaceState
const runs = new Map<string, RunSummary>()
const views = new Map<string, RunView>()
const logs = new Map<string, string[]>()
const ended = new Set<string>()
const looks = new Set<() => void>()

before(async () => {
  bed = await openBed()
  home = join(bed.folder, "home")
  mkdirSync(home)
  process.env.KUBE_EXECUTIONS_HOME = home
  engine = await connectEngine(join(root, "dist", "engine.js"), "0.0.0", "suite")
  const told = (take: () => void) => {
    take()
    for (const look of [...looks]) look()
  }
  engine.onNotification("place/changed", (change) =>
    told(() => {
      for (const run of change.runs) runs.set(run.name, run)
      for (const name of change.removed) runs.delete(name)
    }),
  )
  engine.onNotification("run/changed", (change: RunChange) =>
    told(() => views.set(change.run, applyRunChange(views.get(change.run), change))),
  )
  engine.onNotification("log/text", ({ log, step, lines }: LogText) =>
    told(() =>
      logs.set(log, [...(logs.get(log) ?? []), ...lines.map((line) => `${step} ${line}`)]),
    ),
  )
  engine.onNotification("log/end", ({ log }) => told(() => ended.add(log)))
  // The keys are in a file as people source it, the rest in the request.
  const file = join(bed.folder, "colony.env")
  writeFileSync(file, exportsOf(bed.environment, true))
  place = await engine.call("place/open", {
    kind: "colonies",
    profile: { name: "suite", variables: pickVariables(bed.environment, false), file },
  })
})

after(async () => {
  // Nobody else is connected: it ends by itself, or when its service is told to.
  const { pid } = await engine.call("engine/hello", { version: "0.0.0", client: "suite" })
  engine.close()
  process.kill(pid)
  await bed.close()
})

test("a function spec is submitted, followed and read to its end", async () => {
  const name = await start(functionSpec(bed.executorType))
  await until(() => runs.get(name)?.phase === "queued")
  views.set(name, await engine.call("run/open", { place: place.place.id, run: name }))
  await engine.call("log/open", { place: place.place.id, run: name, log: name })
  const process = await bed.assign()
  assert.equal(views.get(name)?.id, process.processid)
  await bed.log(process, "one\n", "two\nthr", "ee 🦊\n", "no end of line")
  await until(() => logs.get(name)?.length === 3)
  await bed.succeed(process, ["done"])
  await until(() => runs.get(name)?.phase === "succeeded" && ended.has(name))
  assert.deepEqual(logs.get(name), [
    "execute.0 one",
    "execute.0 two",
    "execute.0 three 🦊",
    "execute.0 no end of line",
  ])
  await until(() => views.get(name)?.tasks[0]?.steps?.[0]?.result === "done")
  const events = await engine.call("run/events", { place: place.place.id, run: name })
  assert.deepEqual(
    events.map(({ reason }) => reason),
    ["Submitted", "Assigned", "Succeeded"],
  )
  const pod = views.get(name)?.tasks[0]?.steps?.[0]?.attempts[0]?.tries[0]?.pod ?? ""
  const yaml = await engine.call("object/yaml", { place: place.place.id, kind: "Pod", name: pod })
  assert.match(yaml?.text ?? "", new RegExp(process.processid))
})

test("a workflow's tasks follow one another, and its failure is told", async () => {
  const name = await start([node("a"), node("b", "a"), node("c", "b")])
  views.set(name, await engine.call("run/open", { place: place.place.id, run: name }))
  await bed.succeed(await bed.assign())
  await bed.fail(await bed.assign(), "exit code = 3")
  await until(() => runs.get(name)?.phase === "failed")
  await until(() => /"b" failed: exit code = 3/.test(views.get(name)?.message ?? ""))
})

test("a run is stopped and deleted", async () => {
  const name = await start(functionSpec(bed.executorType))
  await engine.call("run/wish", { place: place.place.id, run: name, wish: "stop", by: "suite" })
  await until(() => runs.get(name)?.phase === "stopped")
  await engine.call("run/delete", { place: place.place.id, run: name })
  await until(() => !runs.has(name))
})

test("the command line looks at a colony, stops and deletes what it has", async () => {
  const name = await start(functionSpec(bed.executorType))
  const type = async (...args: readonly string[]) => {
    const program = join(root, "dist", "cli.js")
    const env = { ...bed.environment, KUBE_EXECUTIONS_HOME: home }
    const words = [program, ...args, "--place", "colonies"]
    return (await promisify(execFile)(process.execPath, words, { env })).stdout
  }
  assert.match(await type("get", name), /^execute +Queued /m)
  assert.match(await type("get", "-o", "name"), new RegExp(`^${name}$`, "m"))
  await type("stop", name)
  assert.match(await type("describe", name), /^Phase: +Stopped$/m)
  await type("delete", name, "--yes")
  await until(() => !runs.has(name))
})

test("files of the colony are listed, fetched and removed; executors are told", async () => {
  const folder = join(bed.folder, "up")
  mkdirSync(folder)
  writeFileSync(join(folder, "hello.txt"), "hello from the colony\n")
  const label = `/${bed.executorType}`
  const synced = await bed.cli("fs", "sync", "-d", folder, "-l", label, "--yes").ended
  assert.equal(synced.code, 0, synced.stderr)
  const id = place.place.id
  const look = await engine.call("colony/look", { place: id })
  assert.ok(
    look.executors.some(({ name, state }) => name === bed.executorType && state === "approved"),
  )
  assert.ok(look.labels.some((one) => one.label === label && one.files === 1))
  const files = await engine.call("colony/files", { place: id, label })
  assert.deepEqual(
    files.map(({ name, size }) => [name, size]),
    [["hello.txt", 22]],
  )
  const path = join(bed.folder, "down", "hello.txt")
  await engine.call("colony/download", { place: id, label, name: "hello.txt", path })
  assert.equal(readFileSync(path, "utf8"), "hello from the colony\n")
  await engine.call("colony/removeFile", { place: id, label, name: "hello.txt" })
  assert.deepEqual(await engine.call("colony/files", { place: id, label }), [])
})

test("no key is in what the engine keeps on disk", () => {
  for (const name of ["engine.log", "unfinished.json"]) {
    const path = join(home, name)
    const text = existsSync(path) ? readFileSync(path, "utf8") : ""
    for (const [variable, value] of Object.entries(bed.environment)) {
      if (isKey(variable) && value) assert.ok(!text.includes(value), `${variable} is in ${name}`)
    }
  }
})

function node(nodename: string, ...dependencies: readonly string[]) {
  const spec = functionSpec(bed.executorType)
  return { nodename, ...spec, conditions: { ...spec.conditions, dependencies } }
}

async function start(value: object): Promise<string> {
  const spec = { path: "/suite/spec.json", text: JSON.stringify(value), document: 0 }
  const { id } = place.place
  const { name } = await engine.call("run/prepare", { place: id, spec })
  const started = await engine.call("run/start", { place: id, spec, options: { name } })
  return started.name
}

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!condition()) return
      looks.delete(look)
      resolve()
    }
    looks.add(look)
    look()
  })
}

function isKey(name: string): boolean {
  return /PRVKEY|SECRETKEY/.test(name)
}

function pickVariables(env: Bed["environment"], keys: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      /^(COLONIES|AWS_S3)_/.test(name) && value && isKey(name) === keys ? [[name, value]] : [],
    ),
  )
}

function exportsOf(env: Bed["environment"], keys: boolean): string {
  return Object.entries(pickVariables(env, keys))
    .map(([name, value]) => `export ${name}="${value}"\n`)
    .join("")
}

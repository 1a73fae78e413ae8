import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { applyRunChange } from "#core/view/runChange"
import type { RunView } from "#core/view/statusTree"
import { connectEngine } from "./engineClient.ts"
import { engineHome } from "./launch.ts"
import { runLocalEngine } from "./localEngine.ts"
import { MemoryCluster, type Perform } from "./memory/memoryCluster.ts"
import { performShell } from "./memory/performShell.ts"
import { makeWay } from "./protocol.ts"
import { Service } from "./service.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-"))
  process.env.KUBE_EXECUTIONS_HOME = folder
})
afterEach(() => {
  delete process.env.KUBE_EXECUTIONS_HOME
  rmSync(folder, { recursive: true })
})

/** An engine of a version, in this process, on the memory place. */
async function start(
  version: string,
  perform: Perform = performShell,
  cluster = new MemoryCluster(perform, Date.now),
) {
  const ended = Promise.withResolvers<void>()
  const refuse = () => Promise.reject(new Error("not asked for here"))
  const isFirst = await runLocalEngine(
    engineHome(),
    (log) =>
      new Service({
        version,
        self: { kind: "local", id: "local-1", name: "ann on lab", holder: "ann on lab (1)" },
        log,
        openPlace: async () => ({
          info: {
            id: "memory",
            kind: "kube",
            kubeconfig: "",
            context: "lab",
            namespace: "gene",
            server: "here",
          },
          cluster,
        }),
        lookAround: { kubeconfig: refuse, namespaces: refuse, names: refuse },
        definition: { look: refuse, install: refuse, remove: refuse },
        leftDriver: { look: refuse, leave: refuse, remove: refuse },
        unfinished: { load: () => [], save: () => {} },
      }),
    () => ended.resolve(),
  )
  return { isFirst, ended: ended.promise }
}

const spec = (text: string) => ({ path: "e.yaml", text, document: 0 })
const execution = (name: string, command: string) => `
apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: ${name}}
spec: {tasks: [{name: t, type: Job, image: busybox, commandSet: ["${command}"]}]}
`

test("the socket is its user's alone, and a second engine leaves the place to the first", async () => {
  const first = await start("1.0.0")
  expect(first.isFirst).toBe(true)
  const { socket, log } = engineHome()
  expect(statSync(socket).mode & 0o077).toBe(0)
  expect(statSync(log).mode & 0o077).toBe(0)
  expect((await start("1.0.0")).isFirst).toBe(false)
  await handOver(first.ended)
})

test("an older engine makes way for a newer client, and leaves no lock behind", async () => {
  const old = await start("1.9.0")
  const same = await connectEngine("never-started", "1.9.0", "test")
  same.close()
  await handOver(old.ended)
  const { lock } = engineHome()
  expect(existsSync(lock)).toBe(false)
  const next = await start("1.10.0")
  expect(next.isFirst).toBe(true)
  await handOver(next.ended)
})

test("a run that one client starts is pushed to another that looks, and its log can be read", async () => {
  const engine = await start("1.0.0")
  const watcher = await connectEngine("never-started", "1.0.0", "watcher")
  const ended = new Promise<string>((resolve) => {
    watcher.onNotification("place/changed", ({ runs }) => {
      for (const run of runs) if (run.finishedAt !== null) resolve(`${run.name} ${run.phase}`)
    })
  })
  await watcher.call("place/open", { kind: "kube" })
  const starter = await connectEngine("never-started", "1.0.0", "starter")
  const { place } = await starter.call("place/open", { kind: "kube" })
  const text = execution("e", "echo hello")
  const prepared = await starter.call("run/prepare", { place: place.id, spec: spec(text) })
  expect(prepared).toEqual({ name: "e", jobs: 1, orMore: false })
  await starter.call("run/start", { place: place.id, spec: spec(text), options: { name: "e" } })
  expect(await ended).toBe("e succeeded")

  const lines: string[] = []
  const read = new Promise<void>((resolve) => watcher.onNotification("log/end", () => resolve()))
  watcher.onNotification("log/text", (part) => {
    lines.push(...part.lines.map((line) => `${part.step} ${line}`))
  })
  await watcher.call("log/open", { place: place.id, run: "e", log: "l" })
  await read
  expect(lines).toEqual(["t.0 hello"])

  const again = await starter.call("run/prepare", { place: place.id, spec: spec(text) })
  expect(again.name).toBe("e-2")
  const taken = starter.call("run/start", {
    place: place.id,
    spec: spec(text),
    options: { name: "e" },
  })
  await expect(taken).rejects.toThrow('There is a run "e" in "gene" already.')
  const broken = starter.call("run/prepare", { place: place.id, spec: spec("kind: Execution\n") })
  await expect(broken).rejects.toThrow("The spec has")
  starter.close()
  watcher.close()
  await handOver(engine.ended)
})

test("what is told of an opened run adds up to what whoever opens it later is given", async () => {
  const looked = Promise.withResolvers<void>()
  const engine = await start("1.0.0", async (command, job) => {
    await looked.promise
    return performShell(command, job)
  })
  const watcher = await connectEngine("never-started", "1.0.0", "watcher")
  const { place } = await watcher.call("place/open", { kind: "kube" })
  const source = spec(execution("e", "echo hello"))
  await watcher.call("run/start", { place: place.id, spec: source, options: { name: "e" } })
  const asked = { place: place.id, run: "e" }
  let view: RunView | undefined
  const isOver = new Promise<void>((resolve) => {
    watcher.onNotification("run/changed", (change) => {
      expect(change).toMatchObject(asked)
      expect(change.whole).toBeUndefined()
      view = applyRunChange(view, change)
      if (view.finishedAt !== null) resolve()
    })
  })
  view = await watcher.call("run/open", asked)
  expect(view.finishedAt).toBeNull()
  looked.resolve()
  await isOver
  const other = await connectEngine("never-started", "1.0.0", "other")
  await other.call("place/open", { kind: "kube" })
  expect(await other.call("run/open", asked)).toEqual(view)
  await expect(other.call("run/open", { ...asked, run: "no" })).rejects.toThrow('no run "no"')
  await watcher.call("run/close", asked)
  other.close()
  watcher.close()
  await handOver(engine.ended)
})

test("whoever follows a log while its step works is told what it prints at its end", async () => {
  const looked = Promise.withResolvers<void>()
  const engine = await start("1.0.0", async (command, job) => {
    await looked.promise
    return performShell(command, job)
  })
  const client = await connectEngine("never-started", "1.0.0", "client")
  const { place } = await client.call("place/open", { kind: "kube" })
  const source = spec(execution("e", "echo hello"))
  const works = new Promise<void>((resolve) => {
    client.onNotification("place/changed", ({ runs }) => {
      if (runs.some(({ counts }) => counts.byPhase.running === 1)) resolve()
    })
  })
  await client.call("run/start", { place: place.id, spec: source, options: { name: "e" } })
  await works
  const lines: string[] = []
  const read = new Promise<void>((resolve) => {
    client.onNotification("log/text", (text) => void lines.push(...text.lines))
    client.onNotification("log/end", () => resolve())
  })
  await client.call("log/open", { place: place.id, run: "e", log: "l" })
  looked.resolve()
  await read
  expect(lines).toEqual(["hello"])
  client.close()
  await handOver(engine.ended)
})

test("a run that the place was not told of yet is looked for before it is refused", async () => {
  class Slow extends MemoryCluster {
    #isRead = false
    override execution(run: string) {
      return this.#isRead ? super.execution(run) : undefined
    }
    override readExecution(run: string) {
      this.#isRead = true
      return super.readExecution(run)
    }
  }
  const engine = await start("1.0.0", performShell, new Slow(performShell, Date.now))
  const client = await connectEngine("never-started", "1.0.0", "client")
  const { place } = await client.call("place/open", { kind: "kube" })
  const source = spec(execution("e", "echo hello"))
  await client.call("run/start", { place: place.id, spec: source, options: { name: "e" } })
  expect(await client.call("run/open", { place: place.id, run: "e" })).toMatchObject({ name: "e" })
  const gone = client.call("run/open", { place: place.id, run: "no" })
  await expect(gone).rejects.toThrow('There is no run "no" in "gene" any more.')
  client.close()
  await handOver(engine.ended)
})

test("of the runs that this engine drove only so many are kept as somebody wished", async () => {
  const cluster = new MemoryCluster(performShell, Date.now)
  const make = async (name: string, driver: string, finishedAt: string) => {
    const annotations = { "execution.kubegene.io/driver": driver }
    const made = await cluster.createExecution({
      metadata: {
        name,
        namespace: "gene",
        annotations,
        creationTimestamp: "2026-01-01T08:00:00Z",
      },
    })
    await cluster.writeStatus(made, { phase: "Succeeded", finishedAt })
  }
  await make("first", "local-1", "2026-01-01T10:00:00Z")
  await make("second", "local-1", "2026-01-01T10:01:00Z")
  await make("another's", "cluster", "2026-01-01T09:00:00Z")
  const engine = await start("1.0.0", performShell, cluster)
  const client = await connectEngine("never-started", "1.0.0", "client")
  await client.call("place/open", { kind: "kube" })
  await client.call("engine/keep", {})
  expect([...cluster.runs()]).toHaveLength(3)
  await client.call("engine/keep", { keepLast: 1 })
  expect([...cluster.runs()]).toEqual(["gene/second", "gene/another's"])
  await client.call("engine/keep", { ttlSeconds: 60 })
  expect([...cluster.runs()]).toEqual(["gene/another's"])
  client.close()
  await handOver(engine.ended)
})

/** As a client of the future would: the engine at hand ends. */
async function handOver(ended: Promise<void>): Promise<void> {
  const { createConnection } = await import("node:net")
  const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = await import(
    "vscode-jsonrpc/node"
  )
  const socket = createConnection(engineHome().socket)
  const rpc = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  )
  rpc.listen()
  const answer = await rpc.sendRequest("engine/hello", { version: "99.0.0", client: "future" })
  expect(answer).toMatchObject({ handsOver: true })
  await rpc.sendNotification(makeWay)
  await ended
  expect(readFileSync(engineHome().log, "utf8")).toContain("a newer engine takes over")
  socket.destroy()
}

// An engine's stand-in: speaks the protocol, talks of one large run that never ends.
import { createServer } from "node:net"
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node"
import { shortHash } from "#core/plan/hash"
import { countPhases, sumCounts } from "#core/view/phase"
import { applyRunChange, type RunChange } from "#core/view/runChange"
import { summaryOf } from "#core/view/runSummary"
import type { RunView, StepView, TaskView } from "#core/view/statusTree"
import { engineHome } from "#engine/launch"
import type { EngineRequests, PlaceInfo } from "#engine/protocol"
import type { Span, Told } from "../client.mts"
import { bigSpec, commandOf, taskName } from "./bigSpec.mts"

const tasks = 10
const stepsEach = 1_000
const changesPerSecond = 500
/** An engine tells at most so often. */
const everyMs = 50
/** After a pause the lost time is not made up for at once: no engine's message is larger. */
const mostAtOnce = 100
const place: PlaceInfo = {
  id: "bench",
  kind: "kube",
  kubeconfig: "/bench",
  context: "bench",
  namespace: "bench",
  server: "bench",
}

/** What was told, and how much of it the client had not taken yet. */
interface Moment {
  readonly at: number
  readonly changes: number
  readonly waiting: number
}

type LogRequest = EngineRequests["log/open"]["params"]

let view = firstView()
let at = 0
const moments: Moment[] = []

process.on("message", ({ from, to }: Span) => {
  const then = moments.filter((moment) => from <= moment.at && moment.at <= to)
  const [first, last] = [then[0], then.at(-1)]
  const told =
    first && last ? { changes: last.changes - first.changes, ms: last.at - first.at } : {}
  const waiting = Math.max(0, ...then.map((moment) => moment.waiting))
  process.send?.({ changes: 0, ms: 1, ...told, waiting } satisfies Told)
})

const server = createServer((socket) => {
  const rpc = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  )
  let timer: NodeJS.Timeout | undefined
  const tell = (method: string, params: object) => {
    // The window may close while a message is on its way.
    if (!socket.destroyed) rpc.sendNotification(method, params).catch(() => {})
  }
  rpc.onRequest((method, params) => {
    switch (method) {
      case "log/open":
        // Nothing was printed.
        setImmediate(() => tell("log/end", { log: (params as LogRequest).log }))
        return null
      case "engine/hello":
        return { version: "0.1.0", pid: process.pid, handsOver: false }
      case "place/open":
        return { place, runs: [summaryOf(view), ...others()], plain: [] }
      case "run/open": {
        let due = Date.now()
        timer ??= setInterval(() => {
          const now = Date.now()
          const count = Math.min(mostAtOnce, Math.floor(((now - due) / 1000) * changesPerSecond))
          due = count === mostAtOnce ? now : due + (count / changesPerSecond) * 1000
          const change = move(count)
          moments.push({ at: now, changes: at, waiting: socket.writableLength })
          tell("run/changed", { place: place.id, run: "big", ...change })
          tell("place/changed", {
            place: place.id,
            runs: [change.summary],
            removed: [],
          })
        }, everyMs)
        return view
      }
      default:
        return null
    }
  })
  socket.on("error", () => {})
  socket.on("close", () => clearInterval(timer))
  rpc.listen()
})
server.listen(engineHome().socket, () => process.send?.("listens"))

function firstView(): RunView {
  return {
    name: "big",
    namespace: "bench",
    phase: "running",
    message: "",
    createdAt: "2026-01-01T00:00:00Z",
    startedAt: "2026-01-01T00:00:00Z",
    finishedAt: null,
    counts: { total: tasks * stepsEach, isTotalKnown: true, byPhase: {} },
    resumedFrom: null,
    // Its text is open in the window, and was not changed since.
    source: { file: "big.yaml", document: 0, hash: shortHash(bigSpec(tasks, stepsEach)) },
    tasks: Array.from({ length: tasks }, (_, index) => task(taskName(index))),
  }
}

function task(name: string): TaskView {
  return {
    name,
    phase: "running",
    isWanted: true,
    counts: { total: stepsEach, isTotalKnown: true, byPhase: {} },
    startedAt: "2026-01-01T00:00:00Z",
    finishedAt: null,
    dependencies: [],
    reason: null,
    runsAgain: null,
    steps: Array.from({ length: stepsEach }, (_, index) => step(name, index)),
  }
}

function step(name: string, index: number): StepView {
  const pod = {
    pod: `big.${name}.${index}-x7k2p`,
    phase: "running",
    node: "worker-1",
    createdAt: "2026-01-01T00:00:00Z",
    scheduledAt: "2026-01-01T00:00:01Z",
    startedAt: "2026-01-01T00:00:02Z",
    finishedAt: null,
    exitCode: null,
    reason: null,
  } as const
  return {
    id: `${name}.${index}`,
    index,
    phase: "running",
    command: commandOf(index),
    startedAt: "2026-01-01T00:00:00Z",
    finishedAt: null,
    releasedAt: null,
    result: null,
    reason: null,
    runsAgain: null,
    attempts: [
      {
        attempt: 1,
        job: `big.${name}.${index}`,
        phase: "running",
        createdAt: "2026-01-01T00:00:00Z",
        finishedAt: null,
        tries: [pod],
      },
    ],
  }
}

const failure = {
  kind: "exit-code",
  sentence: "command ended with exit code 3",
  evidence: [],
  since: undefined,
  isStuck: true,
  field: "command",
} as const

/** The next few steps take another phase; every task has some of them among its first rows. */
function move(count: number): RunChange {
  const phases = ["running", "succeeded", "queued", "failed"] as const
  const changed = new Map<string, StepView[]>()
  for (let i = 0; i < count; i++, at++) {
    const task = view.tasks[at % tasks]
    const step = task?.steps?.[Math.floor(at / tasks) % stepsEach]
    if (!task || !step) throw new Error("The run has no such step.")
    const phase = phases[(phases.indexOf(step.phase as "running") + 1) % phases.length] ?? "running"
    const list = changed.get(task.name) ?? []
    changed.set(task.name, list)
    list.push({ ...step, phase, reason: phase === "failed" ? failure : null })
  }
  const steps = [...changed].map(([task, steps]) => ({ task, steps }))
  // Made by hand: an engine compares whole pictures for it, in a process of its own.
  view = applyRunChange(view, { summary: summaryOf(view), tasks: [], steps })
  const heads = view.tasks.map((task) => {
    const counts = countPhases((task.steps ?? []).map(({ phase }) => phase))
    return { ...task, counts }
  })
  view = { ...view, tasks: heads, counts: sumCounts(heads.map(({ counts }) => counts)) }
  const told = heads.filter(({ name }) => changed.has(name))
  return { summary: summaryOf(view), tasks: told.map(({ steps: _steps, ...head }) => head), steps }
}

/** Other runs beside it, as a namespace in use has them. */
function others() {
  const summary = summaryOf({ ...view, tasks: [], source: null })
  return Array.from({ length: 999 }, (_, index) => ({ ...summary, name: `other-${index}` }))
}

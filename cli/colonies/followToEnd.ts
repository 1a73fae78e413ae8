import { followProcess, isOver } from "#colonies/client/followProcess"
import { readLog } from "#colonies/client/readLog"
import { type GraphRecord, type ProcessRecord, processState } from "#colonies/client/records"
import { pause } from "#colonies/pause"
import { duration } from "../duration.ts"
import type { Io } from "../io.ts"
import { logText } from "../logText.ts"
import { quote, visible } from "../words.ts"
import { stateWords } from "./stateWords.ts"
import type { Submitted } from "./submitSpec.ts"
import type { OpenColony } from "./withColony.ts"

/** The server tells nobody of new log lines, so they are asked for while a process runs. */
const logMs = 500
const graphMs = 1_000

/** Tells how a process or a workflow goes on until it is over, and whether that is a good end. */
export async function followToEnd(
  { kind, id }: Submitted,
  colony: OpenColony,
  printsLog: boolean,
  io: Io,
): Promise<[process: ProcessRecord | undefined, isGood: boolean]> {
  if (kind === "process") {
    const process = await followOne(id, colony, false, printsLog, io)
    return [process, process.state === processState.successful]
  }
  const graph = await followGraph(id, colony, printsLog, io)
  io.stderr.write(`Workflow ${stateWords[graph.state].toLowerCase()}: WorkflowID=${id}\n`)
  return [undefined, graph.state === processState.successful]
}

async function followGraph(
  id: string,
  colony: OpenColony,
  printsLog: boolean,
  io: Io,
): Promise<GraphRecord> {
  const { server, signal } = colony
  const followed = new Map<string, Promise<unknown>>()
  // When the graph is over, a node that nobody will run any more still waits.
  const over = new AbortController()
  const ends = AbortSignal.any([signal, over.signal])
  for (;;) {
    const graph = await server.call("getprocessgraphmsg", { processgraphid: id }, { signal })
    for (const process of graph.processids ?? []) {
      if (followed.has(process)) continue
      const one = followOne(process, { ...colony, signal: ends }, true, printsLog, io)
      followed.set(
        process,
        one.catch((error: unknown) => {
          if (!over.signal.aborted) throw error
        }),
      )
    }
    if (isOver(graph)) {
      // Whoever ended has the time to say so; then the rest is left alone.
      await Promise.race([Promise.all(followed.values()), pause(graphMs, signal)])
      over.abort()
      await Promise.all(followed.values())
      return graph
    }
    await Promise.race([pause(graphMs, signal), failureOf(followed.values())])
  }
}

/** Settles only when one of them fails. */
function failureOf(work: Iterable<Promise<unknown>>): Promise<never> {
  return new Promise((_, reject) => {
    for (const one of work) one.catch(reject)
  })
}

async function followOne(
  id: string,
  colony: OpenColony,
  isNode: boolean,
  printsLog: boolean,
  io: Io,
): Promise<ProcessRecord> {
  const { server, signal } = colony
  const log = newLog(id, colony, isNode, io)
  let last: ProcessRecord | undefined
  for await (const process of followProcess(server, colony.colony, id, signal)) {
    io.stderr.write(`${transition(process, last)}\n`)
    if (printsLog && process.state === processState.running) log.start(process)
    last = process
  }
  if (last === undefined) throw new Error(`process ${id} was never seen`)
  if (printsLog) await log.finish(last)
  for (const error of last.errors ?? []) io.stderr.write(`  ${visible(error)}\n`)
  return last
}

function transition(process: ProcessRecord, before: ProcessRecord | undefined): string {
  const name = process.spec.nodename || process.spec.funcname || process.processid
  const retried =
    before !== undefined && process.retries > before.retries
      ? `, given back after its time was up, retry ${process.retries}`
      : ""
  const took = tookOf(process)
  switch (process.state) {
    case processState.waiting: {
      const type = process.spec.conditions?.executortype ?? ""
      return process.waitforparents
        ? `Process waits for others: ${quote(name)}`
        : `Process waits for an executor of type ${quote(type)}: ${quote(name)}${retried}`
    }
    case processState.running:
      return `Process running: ${quote(name)}${retried}`
    case processState.successful:
      return `Process finished successfully: ${quote(name)}${took}`
    case processState.failed:
      return `Process failed: ${quote(name)}${took}`
    case processState.cancelled:
      return `Process cancelled: ${quote(name)}`
  }
}

function tookOf({ starttime, endtime }: ProcessRecord): string {
  const took = Date.parse(endtime) - Date.parse(starttime)
  return starttime.startsWith("000") || Number.isNaN(took) ? "" : ` after ${duration(took)}`
}

/** Prints what a process logs while it runs, and when it has ended the rest; whole lines only. */
function newLog(id: string, { server, colony, signal }: OpenColony, isNode: boolean, io: Io) {
  let since = 0n
  let prefix = ""
  /** Messages carry their own ends of line, and may end in the middle of one. */
  let begun = ""
  let running: Promise<void> | undefined
  const ended = new AbortController()

  const write = (lines: readonly string[]) => {
    io.stdout.write(logText(prefix, lines, io.stdout.isTerminal))
  }
  const print = async () => {
    for await (const { message, timestamp } of readLog(server, colony, id, since, signal)) {
      since = BigInt(timestamp)
      const lines = (begun + message).split("\n")
      begun = lines.pop() ?? ""
      write(lines)
    }
  }
  const look = async () => {
    while (!ended.signal.aborted) {
      await print()
      await Promise.race([pause(logMs, signal), raised(ended.signal)])
    }
  }
  const takeName = ({ spec }: ProcessRecord) => {
    if (isNode) prefix = `${visible(spec.nodename || id.slice(0, 8))} | `
  }
  return {
    start(process: ProcessRecord) {
      takeName(process)
      running ??= look()
      // Awaited in the end; until then a failure is no unhandled one.
      running.catch(() => {})
    },
    async finish(process: ProcessRecord) {
      takeName(process)
      ended.abort()
      await running
      await print()
      if (begun !== "") write([begun])
    },
  }
}

function raised(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener("abort", () => resolve(), { once: true })
  })
}

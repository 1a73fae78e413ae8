import type { LogSource, OnLines } from "#engine/place"
import type { LogOptions } from "#engine/protocol"
import { readLog } from "../client/readLog.ts"
import { type LogRecord, type ProcessRecord, processState } from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { pause } from "../pause.ts"
import { shortName } from "./runName.ts"
import { isOver, stepNames, taskName } from "./shownRun.ts"

/** The server tells nobody of new log lines, so they are asked for, the seldomer the less comes. */
const firstPauseMs = 400
const longestPauseMs = 3_000

interface ProcessLogs {
  readonly server: ColoniesServer
  readonly colony: string
  /** Those of the run, as they were seen last. */
  readonly processes: () => readonly ProcessRecord[]
  readonly isOver: () => boolean
  readonly nextChange: () => Promise<void>
  readonly options: LogOptions
  readonly onLines: OnLines
  readonly signal: AbortSignal
}

/** What the processes of a run log, each line once and whole; when followed, until the run is over. */
export async function copyProcessLogs(logs: ProcessLogs): Promise<void> {
  const { options } = logs
  const open = new Map<string, Promise<void>>()
  for (;;) {
    const isLast = !options.follow || logs.isOver()
    const processes = logs.processes()
    const names = stepNames(processes)
    for (const process of processes) {
      const { processid: id, state, retries } = process
      const task = names.task(process)
      if (open.has(id) || !isWanted(task, options.step)) continue
      if (state === processState.waiting && retries === 0) continue
      const source = { step: `${task}.0`, pod: shortName(taskName(process), id), container: "" }
      const copied = copyOne(id, source, logs)
      // Awaited in the end; until then a failure is no unhandled one.
      copied.catch(() => {})
      open.set(id, copied)
    }
    if (isLast) break
    await Promise.race([logs.nextChange(), failureOf(open.values())])
  }
  await Promise.all(open.values())
}

function isWanted(task: string, step: string | undefined): boolean {
  return step === undefined || step === task || step === `${task}.0`
}

async function copyOne(id: string, source: LogSource, logs: ProcessLogs): Promise<void> {
  const { server, colony, options, onLines, signal } = logs
  const lines = newLines(options.timestamps === true)
  let since =
    options.sinceSeconds === undefined
      ? 0n
      : BigInt(Date.now() - options.sinceSeconds * 1_000) * 1_000_000n
  let tail = options.tailLines
  let pauseMs = firstPauseMs
  for (;;) {
    const now = logs.processes().find(({ processid }) => processid === id)
    // Looked at first: what was logged before the end is then read after it.
    const isEnd = !options.follow || now === undefined || isOver(now)
    const whole: string[] = []
    for await (const entry of readLog(server, colony, id, since, signal)) {
      since = BigInt(entry.timestamp)
      whole.push(...lines.take(entry))
    }
    if (isEnd) whole.push(...lines.rest())
    const shown = tail === undefined ? whole : whole.slice(Math.max(0, whole.length - tail))
    tail = undefined
    if (shown.length > 0) onLines(source, shown)
    if (isEnd) return
    pauseMs = whole.length > 0 ? firstPauseMs : Math.min(pauseMs * 1.5, longestPauseMs)
    await Promise.race([pause(pauseMs, signal), logs.nextChange()])
  }
}

/** Messages carry their own ends of line, and may end in the middle of one. */
function newLines(withTime: boolean) {
  let begun = ""
  let begunAt = ""
  return {
    take({ message, timestamp }: LogRecord): string[] {
      const parts = message.split("\n")
      const last = parts.length - 1
      return parts.flatMap((part, index) => {
        if (begun === "" && withTime) begunAt = `${timeText(BigInt(timestamp))} `
        begun += part
        if (index === last) return []
        const line = begunAt + begun
        begun = ""
        return [line]
      })
    },
    rest: () => (begun === "" ? [] : [begunAt + begun]),
  }
}

/** As Kubernetes writes it before a line: to the nanosecond. */
function timeText(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19)
  return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}Z`
}

/** Settles only when one of them fails. */
function failureOf(work: Iterable<Promise<unknown>>): Promise<never> {
  return new Promise((_, reject) => {
    for (const one of work) one.catch(reject)
  })
}

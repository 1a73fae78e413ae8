import { stringifyExact } from "#colonies/client/exactJson"
import {
  type GraphRecord,
  type ProcessRecord,
  type ProcessState,
  processState,
  timeOf,
} from "#colonies/client/records"
import type { Input } from "../command.ts"
import { age } from "../duration.ts"
import type { ExitCode, Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { table } from "../table.ts"
import { quote, visible } from "../words.ts"
import type { psOptions } from "./commands/ps.ts"
import { stateWords } from "./stateWords.ts"
import { type OpenColony, withColony } from "./withColony.ts"

/** The most the server hands out of one state. */
const most = 100

/** `colonies ps`. */
export async function listProcesses(
  { positionals, values }: Input<typeof psOptions>,
  io: Io,
): Promise<ExitCode> {
  if (positionals[0] !== undefined) {
    throw new Refusal(`ps takes no name: ${quote(positionals[0])} is too much.`, 2)
  }
  const count = countOf(values.count)
  const states = statesOf(values.state)
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    const lists = values.workflows
      ? await graphsOf(states, count, colony)
      : await processesOf(states, count, values.label, colony)
    const records: readonly (ProcessRecord | GraphRecord)[] = lists.flat()
    const full = states.filter((_, i) => (lists[i]?.length ?? 0) >= count)
    if (values.output === "json") io.stdout.write(`${stringifyExact(records)}\n`)
    else if (values.output === "name") {
      for (const record of records) io.stdout.write(`${idOf(record)}\n`)
    } else if (records.length === 0) {
      const what = values.workflows ? "workflows" : "processes"
      io.stderr.write(`There are no such ${what} in ${quote(colony.colony)}.\n`)
    } else {
      const rows = records.map((record) => rowOf(record, io.now()))
      for (const line of table(columns, rows, io.stdout.columns)) io.stdout.write(`${line}\n`)
    }
    if (full.length > 0) io.stderr.write(fullLine(full, count))
    return 0
  })
}

/** The server does not say whether there are more. */
function fullLine(states: readonly ProcessState[], count: number): string {
  const words = states.map((state) => stateWords[state].toLowerCase()).join(", ")
  const more = count < most ? ` --count ${most} lists more.` : ""
  return `Only ${count} are listed that are ${words}; there may be others.${more}\n`
}

const columns = [
  { head: "ID" },
  { head: "NAME" },
  { head: "STATE" },
  { head: "AGE", isNumber: true },
  { head: "TYPE" },
  { head: "BY" },
  { head: "LABEL" },
]

function rowOf(record: ProcessRecord | GraphRecord, now: number): string[] {
  const submitted = timeOf(record.submissiontime)
  const spec = "spec" in record ? record.spec : undefined
  const nodes = "processids" in record ? (record.processids?.length ?? 0) : 0
  return [
    idOf(record),
    visible(spec ? spec.nodename || spec.funcname || "" : `${nodes} processes`),
    stateWords[record.state],
    submitted === undefined ? "" : age(now - submitted.getTime()),
    visible(spec?.conditions?.executortype ?? ""),
    visible(record.initiatorname),
    visible(spec?.label ?? ""),
  ]
}

function idOf(record: ProcessRecord | GraphRecord): string {
  return "processid" in record ? record.processid : record.processgraphid
}

async function processesOf(
  states: readonly ProcessState[],
  count: number,
  label: string | undefined,
  { server, colony, signal }: OpenColony,
): Promise<readonly (readonly ProcessRecord[])[]> {
  const lists = await Promise.all(
    states.map((state) =>
      server.call(
        "getprocessesmsg",
        { colonyname: colony, count, state, ...(label === undefined ? {} : { label }) },
        { signal },
      ),
    ),
  )
  return lists.map((list) => list ?? [])
}

async function graphsOf(
  states: readonly ProcessState[],
  count: number,
  { server, colony, signal }: OpenColony,
): Promise<readonly (readonly GraphRecord[])[]> {
  const lists = await Promise.all(
    states.map((state) =>
      server.call("getprocessgraphsmsg", { colonyname: colony, count, state }, { signal }),
    ),
  )
  return lists.map((list) => list ?? [])
}

function statesOf(word: keyof typeof processState | "all" | undefined): readonly ProcessState[] {
  return word === undefined || word === "all" ? Object.values(processState) : [processState[word]]
}

function countOf(text: string | undefined): number {
  const count = text === undefined ? 20 : Number(text)
  if (Number.isInteger(count) && count > 0 && count <= most) return count
  throw new Refusal(`--count is a number from 1 to ${most}, not ${quote(text ?? "")}.`, 2)
}

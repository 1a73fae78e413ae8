import { readLog } from "#colonies/client/readLog"
import type { Input } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { logText } from "../logText.ts"
import { visible } from "../words.ts"
import type { logsOptions } from "./commands/logs.ts"
import { findSubmitted, oneId } from "./findSubmitted.ts"
import { followToEnd } from "./followToEnd.ts"
import { type OpenColony, withColony } from "./withColony.ts"

/** `colonies logs`. */
export async function printLogs(
  { positionals, values }: Input<typeof logsOptions>,
  io: Io,
): Promise<ExitCode> {
  const id = oneId(positionals)
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    const found = await findSubmitted(id, colony)
    if (values.follow) {
      await followToEnd(found, colony, true, io)
      return 0
    }
    for (const { process, prefix } of await processesOf(found, colony)) {
      await printLog(process, prefix, values.timestamps === true, colony, io)
    }
    return 0
  })
}

async function processesOf(
  { kind, id }: { readonly kind: "process" | "workflow"; readonly id: string },
  { server, signal }: OpenColony,
): Promise<readonly { readonly process: string; readonly prefix: string }[]> {
  if (kind === "process") return [{ process: id, prefix: "" }]
  const graph = await server.call("getprocessgraphmsg", { processgraphid: id }, { signal })
  return Promise.all(
    (graph.processids ?? []).map(async (process) => {
      const { spec } = await server.call("getprocessmsg", { processid: process }, { signal })
      return { process, prefix: `${visible(spec.nodename ?? process.slice(0, 8))} | ` }
    }),
  )
}

async function printLog(
  process: string,
  prefix: string,
  hasTimes: boolean,
  { server, colony, signal }: OpenColony,
  io: Io,
): Promise<void> {
  let begun: string | undefined
  const write = (line: string) => io.stdout.write(logText(prefix, [line], io.stdout.isTerminal))
  for await (const { message, timestamp } of readLog(server, colony, process, 0n, signal)) {
    const time = hasTimes ? `${timeText(BigInt(timestamp))} ` : ""
    const lines = message.split("\n")
    lines.forEach((line, index) => {
      begun =
        begun === undefined ? (index > 0 && line === "" ? undefined : time + line) : begun + line
      if (index === lines.length - 1) return
      write(begun ?? time)
      begun = undefined
    })
    if (begun === time) begun = undefined
  }
  if (begun !== undefined) write(begun)
}

/** RFC 3339 with all nine digits that the server keeps. */
function timeText(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19)
  return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}Z`
}

import { ColonyError } from "#colonies/client/colonyError"
import type { Input } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { quote } from "../words.ts"
import type { cancelOptions } from "./commands/cancel.ts"
import { findSubmitted, oneId } from "./findSubmitted.ts"
import { withColony } from "./withColony.ts"

/** `colonies cancel`. */
export async function cancelProcess(
  { positionals, values }: Input<typeof cancelOptions>,
  io: Io,
): Promise<ExitCode> {
  const id = oneId(positionals)
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    const { server, signal } = colony
    const { kind } = await findSubmitted(id, colony)
    try {
      await (kind === "process"
        ? server.call("cancelprocessmsg", { processid: id }, { signal })
        : server.call("cancelprocessgraphmsg", { processgraphid: id }, { signal }))
    } catch (error) {
      const said = error instanceof ColonyError ? error.said : ""
      if (!/^Tried to cancel/.test(said)) throw error
      io.stderr.write(`It is over already: ${said}.\n`)
      return 0
    }
    io.stderr.write(`The ${kind} ${quote(id)} of ${quote(colony.colony)} is cancelled.\n`)
    return 0
  })
}

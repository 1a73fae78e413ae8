import { ColonyError } from "#colonies/client/colonyError"
import { Refusal } from "../refusal.ts"
import { quote } from "../words.ts"
import type { Submitted } from "./submitSpec.ts"
import type { OpenColony } from "./withColony.ts"

/** What has this id: a process, or else a workflow. */
export async function findSubmitted(
  id: string,
  { server, colony, signal }: OpenColony,
): Promise<Submitted> {
  try {
    await server.call("getprocessmsg", { processid: id }, { signal })
    return { kind: "process", id }
  } catch (error) {
    if (!(error instanceof ColonyError) || error.kind === "offline") throw error
  }
  try {
    await server.call("getprocessgraphmsg", { processgraphid: id }, { signal })
    return { kind: "workflow", id }
  } catch (error) {
    if (!(error instanceof ColonyError) || error.kind === "offline") throw error
    throw new Refusal(
      `There is no process and no workflow ${quote(id)} that you may see in ${quote(colony)} (${error.said}).`,
    )
  }
}

/** The one id after a command. */
export function oneId(positionals: readonly string[]): string {
  const [id, second] = positionals
  if (id === undefined) throw new Refusal("Name a process or a workflow by its id.", 2)
  if (second !== undefined) throw new Refusal(`One at a time: ${quote(second)} is one too many.`, 2)
  if (!/^[0-9a-f]{64}$/.test(id)) {
    throw new Refusal(`${quote(id)} is no id: it has 64 hexadecimal characters.`, 2)
  }
  return id
}

import type { KubeRequest } from "#engine/protocol"
import { command } from "../command.ts"
import { type EngineLine, withEngine } from "../engineLine.ts"
import type { ExitCode, Io } from "../io.ts"
import { kubeRequest, placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"
import { count, quote, visible } from "../words.ts"

const definition = "executions.execution.kubegene.io"

export const uninstall = command({
  name: "uninstall",
  summary: "Remove from a cluster what install has put there",
  usage: ["[--crd [--yes-delete NAME]] [OPTION…]"],
  details: [
    "The driver that was left in the namespace goes, once it has nothing to drive.",
    "Without --crd the definition of Executions stays, and with it all runs.",
    "With --crd it goes, as soon as there is no Execution left in any namespace.",
  ],
  options: {
    ...placeOptions,
    crd: { kind: "flag", help: "remove the definition of Executions too" },
    "yes-delete": {
      kind: "value",
      placeholder: "NAME",
      help: `with --crd: do not ask; NAME is ${definition}`,
    },
  },
  run: async ({ positionals, values }, io) => {
    const typed = values["yes-delete"]
    if (positionals.length > 0) throw new Refusal("uninstall takes no names.", 2)
    if (typed !== undefined && typed !== definition) {
      throw new Refusal(`--yes-delete is ${quote(definition)}, not ${quote(typed)}.`, 2)
    }
    if (typed !== undefined && !values.crd) {
      throw new Refusal("--yes-delete goes with --crd.", 2)
    }
    return withEngine(io, async (engine): Promise<ExitCode> => {
      const request = kubeRequest(values, io)
      // It may be there whatever the cluster knows of Executions, and needs rights in its namespace only.
      await removeDriver(engine, request, io)
      if (!values.crd) {
        io.stderr.write(
          `A definition ${definition} that the cluster has stays; --crd removes it. A controller that was set up with kubectl is removed with kubectl.\n`,
        )
        return 0
      }
      const found = await engine.callInTime("definition/look", request)
      const where = `${quote(found.context)} (${visible(found.server)})`
      if (found.is === "absent") {
        io.stderr.write(`${where} does not know Executions; there is no definition to remove.\n`)
        return 0
      }
      refuseWhileUsed(found.executions, where)
      if (typed === undefined && !io.ask) {
        throw new Refusal(`Nobody sits here to be asked; add --yes-delete ${definition}.`, 2)
      }
      const other = found.is === "other" ? ", which is not as we define it," : ""
      io.stderr.write(`Removes the definition ${definition}${other} from ${where}.\n`)
      if (typed === undefined && !(await isMeant(io))) {
        io.stderr.write("Nothing was removed.\n")
        return 1
      }
      await engine.callInTime("definition/remove", { ...request, context: found.context })
      io.stderr.write(`${where} does not know Executions any more.\n`)
      return 0
    })
  },
})

/** The driver that was left in the namespace, if there is one. */
async function removeDriver(engine: EngineLine, request: KubeRequest, io: Io): Promise<void> {
  const found = await engine.callInTime("driver/look", request)
  const { image, objects, context, namespace } = found
  const where = `${visible(context)} / ${visible(namespace)}`
  if (image === null) {
    io.stderr.write(`No driver was left in ${where}.\n`)
    return
  }
  io.stderr.write(`Removes from ${where}:\n${objects.map((one) => `  ${visible(one)}\n`).join("")}`)
  // Its pod is given time to end.
  await engine.call("driver/remove", { ...request, context, namespace })
}

function refuseWhileUsed(executions: Readonly<Record<string, number>>, where: string): void {
  const rows = Object.entries(executions)
  if (rows.length === 0) return
  const total = rows.reduce((sum, [, number]) => sum + number, 0)
  const lines = rows.sort().map(([namespace, number]) => `  ${visible(namespace)}: ${number}\n`)
  throw new Refusal(
    `${where} still has ${count(total, "Execution")}; with the definition they would all go, and their Jobs:\n${lines.join("")}Delete them first.`,
  )
}

async function isMeant(io: Io): Promise<boolean> {
  const answer = await io.ask?.("Type the definition's name to remove it: ")
  return answer?.trim() === definition
}

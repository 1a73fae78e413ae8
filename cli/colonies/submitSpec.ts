import type { ProcessRecord } from "#colonies/client/records"
import { takeSnapshots } from "#colonies/takeSnapshots"
import type { Submission } from "#core/spec/submission"
import type { Input } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { quote, visible } from "../words.ts"
import type { submitOptions } from "./commands/submit.ts"
import { followToEnd } from "./followToEnd.ts"
import { readySubmission } from "./readySubmission.ts"
import { type OpenColony, withColony } from "./withColony.ts"

/** `colonies submit`. */
export async function submitSpec(
  { positionals, values }: Input<typeof submitOptions>,
  io: Io,
): Promise<ExitCode> {
  if (values.follow && values.wait) throw new Refusal("--follow waits too: leave --wait out.", 2)
  return withColony(values, io, async (colony): Promise<ExitCode> => {
    const ready = await readySubmission(positionals, colony.colony, io)
    const submitted = await send(await finished(ready, values, colony), colony, io)
    if (!values.follow && !values.wait) {
      io.stdout.write(`${submitted.id}\n`)
      return 0
    }
    const [process, isGood] = await followToEnd(submitted, colony, values.follow === true, io)
    if (values.out && process !== undefined) io.stdout.write(outputLine(process))
    return isGood ? 0 : 1
  })
}

/** With the label asked for, and with a snapshot for each place that mounts one. */
async function finished(
  ready: Submission,
  { label, snapshot }: { readonly label?: string; readonly snapshot?: true },
  colony: OpenColony,
): Promise<Submission> {
  const labelled = label === undefined ? ready : withLabel(ready, label)
  return snapshot ? takeSnapshots(labelled, colony, () => true) : labelled
}

function withLabel(ready: Submission, label: string): Submission {
  if (ready.kind === "function") return { kind: "function", spec: { ...ready.spec, label } }
  const functionspecs = ready.spec.functionspecs.map((spec) => ({ ...spec, label }))
  return { kind: "workflow", spec: { ...ready.spec, functionspecs } }
}

export interface Submitted {
  readonly kind: "process" | "workflow"
  readonly id: string
}

async function send(
  ready: Submission,
  { server, colony, signal }: OpenColony,
  io: Io,
): Promise<Submitted> {
  if (ready.kind === "function") {
    const { processid } = await server.call("submitfuncspecmsg", { spec: ready.spec }, { signal })
    io.stderr.write(
      `Process submitted to ${quote(colony)} at ${visible(server.address)}: ProcessId=${processid}\n`,
    )
    return { kind: "process", id: processid }
  }
  const { processgraphid } = await server.call(
    "submitworkflowspecmsg",
    { spec: ready.spec },
    { signal },
  )
  io.stderr.write(
    `Workflow submitted to ${quote(colony)} at ${visible(server.address)}: WorkflowID=${processgraphid}\n`,
  )
  return { kind: "workflow", id: processgraphid }
}

function outputLine({ out }: ProcessRecord): string {
  const parts = (out ?? []).map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
  return `${visible(parts.join(" "))}\n`
}

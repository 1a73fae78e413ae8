import { parse } from "#core/spec/parse"
import { type Submission, submission } from "#core/spec/submission"
import type { RunOptions, SpecSource } from "#engine/protocol"
import { UserError } from "#engine/userError"
import type { GraphRecord, ProcessRecord } from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { isPlaceholder, takeSnapshots } from "../takeSnapshots.ts"

export interface ReadySubmission {
  /** What people call it before the server has given it an id. */
  readonly name: string
  readonly processes: number
  readonly submission: Submission
}

/** A text that may be sent; refused with a sentence otherwise: a bad workflow can wedge a colony. */
export function readySpec(
  spec: SpecSource,
  colony: string,
  { resumeFrom, until }: Partial<Pick<RunOptions, "resumeFrom" | "until">>,
): ReadySubmission {
  const document = parse(spec.text, spec.path)[spec.document]
  if (!document) throw new UserError(`"${spec.path}" has no workflow to run.`)
  if (document.dialect !== "function" && document.dialect !== "colonies-workflow") {
    throw new UserError(
      "A Colonies server takes function specs and Colonies workflows, and this is neither. Run it in a cluster.",
    )
  }
  const errors = document.problems.filter(({ severity }) => severity === "error")
  const [first] = errors
  if (first) {
    const count = errors.length === 1 ? "an error" : `${errors.length} errors`
    throw new UserError(`The spec has ${count}: ${first.message}`)
  }
  if (resumeFrom || until) {
    throw new UserError(
      "A Colonies server runs all of a workflow, each time anew: it cannot begin in the middle or stop there.",
    )
  }
  const ready = submission(document.tree, colony)
  if (ready.kind === "workflow") {
    return { name: "workflow", processes: ready.spec.functionspecs.length, submission: ready }
  }
  const { nodename, funcname } = ready.spec
  return { name: String(nodename || funcname || "process"), processes: 1, submission: ready }
}

export type Submitted =
  | { readonly kind: "process"; readonly record: ProcessRecord }
  | { readonly kind: "workflow"; readonly record: GraphRecord }

/** Takes the snapshots that the spec leaves open, and sends it. */
export async function submitReady(
  ready: Submission,
  server: ColoniesServer,
  colony: string,
  signal: AbortSignal,
): Promise<Submitted> {
  const whole = await takeSnapshots(ready, { server, colony, signal }, isPlaceholder)
  if (whole.kind === "function") {
    const record = await server.call("submitfuncspecmsg", { spec: whole.spec }, { signal })
    return { kind: "process", record }
  }
  const record = await server.call("submitworkflowspecmsg", { spec: whole.spec }, { signal })
  return { kind: "workflow", record }
}

import { openPlaceToRun } from "../places/openPlaceToRun.ts"
import { prepare, supplies } from "../run/prepare.ts"
import { runnable } from "../run/runnable.ts"
import { startRun } from "../run/start.ts"
import type { Command } from "./command.ts"

/** Runs the workflow with what it was given last, without a question where none has to be asked. */
export const runAgain: Command = async (context, target, index) => {
  const spec = await runnable(context, target, index)
  if (!spec) return
  const place = await openPlaceToRun(context)
  if (!place) return
  const given = await supplies(context, spec, place)
  if (given) await startRun(context, await prepare(context, spec, place, given, {}))
}

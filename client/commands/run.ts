import { workspace } from "vscode"
import { isProtected } from "../places/guard.ts"
import { openPlaceToRun } from "../places/openPlaceToRun.ts"
import { prepare, supplies } from "../run/prepare.ts"
import { runnable } from "../run/runnable.ts"
import { runPick } from "../run/runPick.ts"
import { startRun } from "../run/start.ts"
import type { Command } from "./command.ts"

/** Runs a workflow of the given file, or of the active editor, where new runs go. */
export const run: Command = async (context, target, index) => {
  const spec = await runnable(context, target, index)
  if (!spec) return
  const place = await openPlaceToRun(context)
  if (!place) return
  const given = await supplies(context, spec, place)
  if (!given) return
  const confirm = workspace.getConfiguration("kubeExecutions").get<string>("run.confirm")
  const isAsked = confirm === "always" || isProtected(place.place.context)
  if (isAsked) await runPick(context, spec, place, given)
  else await startRun(context, await prepare(context, spec, place, given, {}))
}

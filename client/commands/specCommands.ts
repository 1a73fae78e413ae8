import { openPlace } from "../places/openPlace.ts"
import { checkOnServer as check } from "../run/checkOnServer.ts"
import { prepare, supplies } from "../run/prepare.ts"
import { goToFirstError as go, runnable, specTarget } from "../run/runnable.ts"
import type { Command } from "./command.ts"

/** Puts the cursor on the first mistake of the workflow. */
export const goToFirstError: Command = async (context, target, index) => {
  const spec = await specTarget(context, target, index)
  if (spec) await go(spec)
}

/** Opens the Jobs that the workflow would become, beside it. */
export const showPlan: Command = async (context, target, index) => {
  const spec = await specTarget(context, target, index)
  if (spec) await context.plans.show(spec)
}

/** Asks the API server about each Job and creates nothing. */
export const checkOnServer: Command = async (context, target, index) => {
  const spec = await runnable(context, target, index)
  const place = spec && (await openPlace(context))
  const given = place && (await supplies(context, spec, place))
  if (given) await check(context, await prepare(context, spec, place, given, {}))
}

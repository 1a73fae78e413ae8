import { l10n, ProgressLocation, window, workspace } from "vscode"
import type { LeftDriverState } from "#engine/protocol"
import { mayChange, mayTouch } from "../places/guard.ts"
import { openPlace } from "../places/openPlace.ts"
import type { Command, CommandContext } from "./command.ts"
import { placeOf, type Row, rowsOf, rowsOrPick, runsOf } from "./rows.ts"

/** From now on this machine's engine moves the runs forward, whoever did. */
export const driveFromHere: Command = async (context, node, nodes) => {
  const title = l10n.t("Drive a run from here")
  const rows = await rowsOrPick(
    context,
    title,
    ({ driver }) => driver?.kind === "none" || driver?.kind === "elsewhere",
    node,
    nodes,
  )
  for (const row of runsOf(rows)) {
    const place = placeOf(context, row)
    if (!place || !(await mayChange(place.context))) return
    await context.runs.call("run/drive", { place: row.place, run: row.run })
    context.log.info(`drives "${row.run}" from here`)
  }
}

/** Leaves a driver beside the runs, so that they go on when this machine sleeps. */
export const leaveDriver: Command = async (context, node, nodes) => {
  const rows = runsOf(rowsOf(node, nodes))
  const place = rows[0]?.place ?? (await openPlace(context))?.place.id
  if (place === undefined) return
  const runs = rows.filter((row) => row.place === place).map(({ run }) => run)
  await leave(context, place, rows.length > 0 ? runs : undefined)
}

async function leave(
  context: CommandContext,
  place: Row["place"],
  wanted: readonly string[] | undefined,
): Promise<void> {
  const { runs } = context
  const image = workspace.getConfiguration("kubeExecutions").get<string>("driver.image")
  const there = await runs.call("driver/look", { place })
  if (!(await mayChange(there.context))) return
  const go = there.image === null ? l10n.t("Leave a Driver") : l10n.t("Hand the Runs to the Driver")
  if ((await window.showWarningMessage(question(there, image), go)) !== go) return
  const title = l10n.t('Leave a driver in the protected context "{context}"', {
    context: there.context,
  })
  const prompt = l10n.t('Creates {count} objects in "{namespace}". Type the context\'s name.', {
    count: there.objects.length,
    namespace: there.namespace,
  })
  if (!(await mayTouch(there.context, title, prompt))) return
  const progress = {
    location: ProgressLocation.Notification,
    title: l10n.t('The driver starts in "{namespace}"', { namespace: there.namespace }),
  }
  const left = await window.withProgress(progress, () =>
    runs.call("driver/leave", {
      place,
      ...(wanted ? { runs: wanted } : {}),
      ...(image ? { image } : {}),
    }),
  )
  context.log.info(`left a driver in ${there.context} / ${there.namespace}`)
  void window.showInformationMessage(outcome(there, left.runs))
}

function question(there: LeftDriverState, image: string | undefined): string {
  const { context, namespace } = there
  const objects = there.objects.join(", ")
  if (there.image !== null) {
    return l10n.t(
      'A driver is in "{namespace}" of "{context}" already (image "{image}"). Bring it up to date and hand the runs to it?',
      { context, namespace, image: there.image },
    )
  }
  return image
    ? l10n.t(
        'Leave a driver in "{namespace}" of "{context}"? It creates {objects}, with the image "{image}". Runs go on there when this machine sleeps.',
        { context, namespace, objects, image },
      )
    : l10n.t(
        'Leave a driver in "{namespace}" of "{context}"? It creates {objects}, with the stock image of Node. Runs go on there when this machine sleeps.',
        { context, namespace, objects },
      )
}

function outcome({ namespace }: LeftDriverState, runs: readonly string[]): string {
  const [first] = runs
  if (first === undefined) {
    return l10n.t('A driver lives in "{namespace}" now; new runs there are its own.', { namespace })
  }
  return runs.length === 1
    ? l10n.t('The driver in "{namespace}" has "{run}" now.', { namespace, run: first })
    : l10n.t('The driver in "{namespace}" has {count} runs now.', {
        namespace,
        count: runs.length,
      })
}

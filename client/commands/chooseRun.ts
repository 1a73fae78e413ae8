import { l10n, type QuickPickItem, window } from "vscode"
import { roughLengthText } from "#core/view/length"
import { countOf, phaseLooks } from "#core/view/phase"
import type { RunName } from "../editor/chosenRuns.ts"
import { specTarget } from "../run/runnable.ts"
import type { Command } from "./command.ts"

interface Item extends QuickPickItem {
  readonly run: RunName | "none" | "newest"
}

/** Chooses which run of the workflow is shown beside its text. */
export const chooseRun: Command = async (context, target, index) => {
  const spec = await specTarget(context, target, index)
  if (!spec) return
  await context.places.open()
  const now = Date.now()
  const runs = context.chosen.runsOf(spec.document.uri, spec.index).map(
    ({ place, run, known }): Item => ({
      run: { place, run },
      label: `$(${phaseLooks[known.phase].icon}) ${run}`,
      description: l10n.t("{done}/{total}, {age} ago", {
        done: countOf(known.counts, "succeeded", "reused", "skipped"),
        total: known.counts.total,
        age: roughLengthText(now - Date.parse(known.createdAt ?? "")),
      }),
      detail: known.message,
    }),
  )
  const items: readonly Item[] = [
    { run: "newest", label: l10n.t("$(sync) Always the Newest") },
    ...runs,
    { run: "none", label: l10n.t("$(eye-closed) None") },
  ]
  const title = l10n.t("The run that is shown beside the text")
  const picked = await window.showQuickPick(items, { title })
  if (picked) context.chosen.choose(spec.document.uri, spec.index, picked.run)
}

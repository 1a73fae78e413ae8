import { type Disposable, l10n, window } from "vscode"
import { endEngine } from "#engine/engineClient"
import type { RunStore } from "../runs/runStore.ts"

/** Says that the engine's process lives and does not answer: nobody else can bring it back. */
export function tellSilence(runs: RunStore): Disposable {
  let silentSince: number | undefined
  return runs.onSilence(async (since) => {
    const isNew = since !== undefined && since !== silentSince
    silentSince = since
    if (!isNew) return
    const anew = l10n.t("Start It Anew")
    const chosen = await window.showWarningMessage(
      l10n.t(
        "The engine on this machine has not answered since {since}. Steps that run go on, but none is started, and what is shown may be out of date. A new engine goes on with every run.",
        { since: new Date(since).toLocaleTimeString() },
      ),
      anew,
    )
    // It may have come back while this was read.
    if (chosen === anew && silentSince === since) endEngine()
  })
}

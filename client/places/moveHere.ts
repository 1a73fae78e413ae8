import { l10n, window } from "vscode"
import type { PlaceState } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"

/**
 * From now on new runs go to this machine; where nothing can run here, a rehearsal is offered.
 * Undefined when nobody wants to see how it would go: then all stays as it was.
 */
export async function moveHere(context: CommandContext): Promise<PlaceState | undefined> {
  const { places } = context
  const before = places.choice
  await places.choose({ kind: "local" })
  try {
    return await places.open()
  } catch (error) {
    await places.choose(before)
    const rehearse = l10n.t("Rehearse Instead")
    const message = error instanceof Error ? error.message : String(error)
    if ((await window.showWarningMessage(message, rehearse)) !== rehearse) return undefined
    return moveToRehearsal(context)
  }
}

/** From now on new runs are only simulated. */
export async function moveToRehearsal({ places }: CommandContext): Promise<PlaceState> {
  await places.choose({ kind: "rehearsal" })
  return places.open()
}

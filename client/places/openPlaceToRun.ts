import { l10n, window } from "vscode"
import type { PlaceFault, PlaceState } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"
import { placeFault } from "../runs/placeFault.ts"
import { moveHere, moveToRehearsal } from "./moveHere.ts"
import { openPlace } from "./openPlace.ts"

/** The place new runs go to. Where there is no cluster to be had, one can run on this machine instead. */
export async function openPlaceToRun(context: CommandContext): Promise<PlaceState | undefined> {
  try {
    return await openPlace(context)
  } catch (error) {
    const { kind, message } = placeFault(error)
    if (!isNoCluster(kind)) throw error
    context.log.error(message)
    const here = l10n.t("Run Here")
    const rehearse = l10n.t("Rehearse")
    const answer = await window.showErrorMessage(message, here, rehearse)
    if (answer === here) return moveHere(context)
    if (answer === rehearse) return moveToRehearsal(context)
    return undefined
  }
}

/** Of these nothing speaks against a run on this machine. */
function isNoCluster(kind: PlaceFault): boolean {
  return ["no-kubeconfig", "no-context", "broken", "unreachable"].includes(kind)
}

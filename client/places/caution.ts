import { l10n, type Memento, window } from "vscode"
import type { PlaceInfo } from "#engine/protocol"

/**
 * True when nobody needs a warning before something runs here, or it was heard. Each caution is
 * said once in a workspace; one that only says how runs are kept, or that nothing runs, holds nothing up.
 */
export async function knowsCaution(memory: Memento, place: PlaceInfo): Promise<boolean> {
  const { kind, context, caution } = place
  if (caution === undefined) return true
  const heard = memory.get<readonly string[]>(heardKey) ?? []
  if (heard.includes(caution)) return true
  if (kind !== "local") {
    void window.showInformationMessage(caution)
  } else {
    const go = l10n.t('Run on "{place}"', { place: context })
    if ((await window.showWarningMessage(caution, go)) !== go) return false
  }
  await memory.update(heardKey, [...heard, caution])
  return true
}

const heardKey = "heardCautions"

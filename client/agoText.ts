import { l10n } from "vscode"
import { roughLengthText } from "#core/view/length"

/** How long ago something was. What stands there for a while without being told anew is in no seconds. */
export function agoText(milliseconds: number): string {
  if (milliseconds < 60_000) return l10n.t("just now")
  return l10n.t("{0} ago", roughLengthText(milliseconds))
}

import { l10n } from "vscode"
import type { ViewPhase } from "#core/view/phase"

/** The word of a phase in the user's language; said one by one, so that translators find them. */
export function phaseWord(phase: ViewPhase): string {
  switch (phase) {
    case "waiting":
      return l10n.t("Waiting")
    case "queued":
      return l10n.t("Queued")
    case "running":
      return l10n.t("Running")
    case "succeeded":
      return l10n.t("Succeeded")
    case "reused":
      return l10n.t("Reused")
    case "failed":
      return l10n.t("Failed")
    case "skipped":
      return l10n.t("Skipped")
    case "stopped":
      return l10n.t("Stopped")
    case "suspended":
      return l10n.t("Suspended")
    case "not-started":
      return l10n.t("Not started")
    case "unknown":
      return l10n.t("? steps")
  }
}

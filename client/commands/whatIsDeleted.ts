import { l10n } from "vscode"
import type { PlaceInfo } from "#engine/protocol"
import { placeName } from "../places/placeName.ts"

/** What goes with runs that are deleted, where it is, and what stays. */
export function whatIsDeleted(jobs: number, places: readonly PlaceInfo[]): string {
  const kept = places.find((place) => place.kept !== undefined)?.kept
  const gone = whatGoes(jobs, places)
  if (kept === undefined) return gone
  return `${gone} ${l10n.t('What steps wrote to claims here stays, in "{folder}".', { folder: kept })}`
}

function whatGoes(jobs: number, places: readonly PlaceInfo[]): string {
  const kinds = new Set(places.map(({ kind }) => kind))
  const [kind] = kinds
  const where = [...new Set(places.map((place) => `"${placeName(place)}"`))].join(", ")
  if (kinds.size > 1) {
    return l10n.t(
      "With what was made for them, and its logs, from {where}. Kept log copies stay.",
      {
        where,
      },
    )
  }
  if (kind === "rehearsal") return l10n.t("It was a simulation: nothing ran.")
  if (kind === "colonies") {
    return jobs === 1
      ? l10n.t("With 1 process and its log, from {where}. Kept log copies stay.", { where })
      : l10n.t("With {jobs} processes and their logs, from {where}. Kept log copies stay.", {
          jobs,
          where,
        })
  }
  return jobs === 1
    ? l10n.t("With 1 Job, its pods and logs, from {where}. Kept log copies stay.", { where })
    : l10n.t("With {jobs} Jobs, their pods and logs, from {where}. Kept log copies stay.", {
        jobs,
        where,
      })
}

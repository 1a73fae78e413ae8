import type { ViewPhase } from "#core/view/phase"
import type { ColorName } from "./theme.ts"

/** The colour of a phase in pictures; in trees and text it is `phaseLooks`. */
export const phaseColor: Readonly<Record<ViewPhase, ColorName>> = {
  waiting: "lines",
  queued: "queued",
  running: "blue",
  // Some light themes have a testing.iconPassed that is too pale on white.
  succeeded: "green",
  reused: "green",
  failed: "red",
  skipped: "skipped",
  stopped: "orange",
  suspended: "yellow",
  "not-started": "lines",
  unknown: "lines",
}

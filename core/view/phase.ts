/** What people are told of a run, a task, a step, an attempt or a try: the same everywhere. */
export const viewPhases = [
  "waiting",
  "queued",
  "running",
  "succeeded",
  "reused",
  "failed",
  "skipped",
  "stopped",
  "suspended",
  "not-started",
  "unknown",
] as const

export type ViewPhase = (typeof viewPhases)[number]

export interface PhaseLook {
  readonly word: string
  /** A codicon, for trees. */
  readonly icon: string
  /** A theme colour, for trees and pictures. */
  readonly color: string
  /** For terminals, and where their locale is not UTF-8. */
  readonly sign: string
  readonly plainSign: string
}

export const phaseLooks: Readonly<Record<ViewPhase, PhaseLook>> = {
  waiting: look("Waiting", "circle-outline", "disabledForeground", "○", "."),
  queued: look("Queued", "watch", "testing.iconQueued", "◷", "."),
  running: look("Running", "loading~spin", "charts.blue", "▸", ">"),
  succeeded: look("Succeeded", "pass", "testing.iconPassed", "✓", "ok"),
  reused: look("Reused", "history", "testing.iconPassed", "↺", "ok"),
  failed: look("Failed", "error", "testing.iconFailed", "✗", "x"),
  skipped: look("Skipped", "circle-slash", "testing.iconSkipped", "⊘", "-"),
  stopped: look("Stopped", "stop-circle", "charts.orange", "■", "x"),
  suspended: look("Suspended", "debug-pause", "charts.yellow", "‖", "."),
  // After a failure nothing is going to happen, so nothing is said to wait.
  "not-started": look("Not started", "circle-outline", "disabledForeground", "○", "."),
  unknown: look("? steps", "circle-outline", "disabledForeground", "?", "?"),
}

function look(
  word: string,
  icon: string,
  color: string,
  sign: string,
  plainSign: string,
): PhaseLook {
  return { word, icon, color, sign, plainSign }
}

/** How many of each. */
export interface PhaseCounts {
  readonly total: number
  /** False while a task's number of steps depends on what another one prints. */
  readonly isTotalKnown: boolean
  readonly byPhase: Readonly<Partial<Record<ViewPhase, number>>>
}

/** While it is not known how many there will be. */
export const noCounts: PhaseCounts = { total: 0, isTotalKnown: false, byPhase: {} }

export function countPhases(phases: readonly ViewPhase[]): PhaseCounts {
  const byPhase: Partial<Record<ViewPhase, number>> = {}
  for (const phase of phases) byPhase[phase] = (byPhase[phase] ?? 0) + 1
  return { total: phases.length, isTotalKnown: true, byPhase }
}

export function sumCounts(list: readonly PhaseCounts[]): PhaseCounts {
  const byPhase: Partial<Record<ViewPhase, number>> = {}
  for (const counts of list) {
    for (const [phase, count] of Object.entries(counts.byPhase) as [ViewPhase, number][]) {
      byPhase[phase] = (byPhase[phase] ?? 0) + count
    }
  }
  return {
    total: list.reduce((sum, counts) => sum + counts.total, 0),
    isTotalKnown: list.every((counts) => counts.isTotalKnown),
    byPhase,
  }
}

export function countOf({ byPhase }: PhaseCounts, ...phases: readonly ViewPhase[]): number {
  return phases.reduce((sum, phase) => sum + (byPhase[phase] ?? 0), 0)
}

/** The phase that stands for many: the worst of them, or what they are on the way to. */
export function worstPhase(counts: PhaseCounts): ViewPhase {
  const has = (phase: ViewPhase) => countOf(counts, phase) > 0
  for (const phase of ["failed", "stopped", "running", "queued"] as const) {
    if (has(phase)) return phase
  }
  if (has("not-started")) return "not-started"
  const isBegun = has("succeeded") || has("reused")
  if (has("waiting")) return isBegun ? "running" : "waiting"
  if (!counts.isTotalKnown) return isBegun ? "running" : "unknown"
  if (has("succeeded")) return "succeeded"
  if (has("reused")) return "reused"
  return has("skipped") ? "skipped" : "waiting"
}

/** What needs looking at comes first. */
export const worstFirst: readonly ViewPhase[] = [
  "failed",
  "stopped",
  "running",
  "queued",
  "suspended",
  "waiting",
  "unknown",
  "not-started",
  "succeeded",
  "reused",
  "skipped",
]

/** Its place among the phases, those that need looking at first. */
export function worst(phase: ViewPhase): number {
  return worstFirst.indexOf(phase)
}

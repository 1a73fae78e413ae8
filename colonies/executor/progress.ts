import type { SyncPlan } from "../files/syncPlan.ts"
import { planTotals } from "../files/syncPlan.ts"

/**
 * A step of the work, as a line of the process's log. The published page shows the first two; the
 * rest is said in the words of newer executors, and only where debug logs are asked for.
 */
export type Progress =
  | { readonly kind: "no-rebuild-flag" }
  | { readonly kind: "sync"; readonly dir: string; readonly plan: SyncPlan }
  /** What the user would otherwise wait for in vain. Always told. */
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "step"; readonly text: string }

/** The lines, each with its end. */
export function progressLines(progress: Progress, hasDebugLogs: boolean): readonly string[] {
  switch (progress.kind) {
    case "no-rebuild-flag":
      return [line("Failed to parse rebuild image flag, setting rebuildImage to false")]
    case "sync":
      return syncLines(progress.dir, progress.plan, hasDebugLogs)
    case "note":
      return [line(progress.text)]
    case "step":
      return hasDebugLogs ? [line(progress.text)] : []
  }
}

function syncLines(dir: string, plan: SyncPlan, hasDebugLogs: boolean): readonly string[] {
  const { downloads, uploads, conflicts } = planTotals(plan)
  const winner = plan.keepLocal ? "keeplocal" : "keepremote"
  const always = line(
    `Starting directory synchronization: Label:${plan.label} Dir:${dir} Download:${downloads} Upload:${uploads} Conflicts:${conflicts} ConflictResolutionStrategy:${winner}`,
  )
  if (!hasDebugLogs) return [always]
  const today = plan.folders.map(({ label, folder, ...moved }) =>
    line(
      `Syncing cfs: label:${label} dir:${folder === "" ? dir : `${dir}/${folder}`} download:${moved.downloads.length} upload:${moved.uploads.length} conflicts:${moved.conflicts.length} conflictstrategy:${winner}`,
    ),
  )
  return [always, ...today]
}

function line(text: string): string {
  return `ColonyOS: ${text}\n`
}

import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** A quiet editor: nothing that looks something up, greets, or opens a side bar of its own. */
const quiet = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.openRepositoryInParentFolders": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
}

/** Writes the user's settings of a fresh profile; those that are there already stay. */
export function writeSettings(userData: string, own: Readonly<Record<string, unknown>> = {}): void {
  // The editor in the browser reads settings of machine scope, such as kubeconfigs, from Machine.
  for (const scope of ["User", "Machine"]) {
    const file = join(userData, scope, "settings.json")
    if (existsSync(file)) continue
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ ...quiet, ...own }, null, 2))
  }
}

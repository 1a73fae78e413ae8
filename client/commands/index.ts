import { commands, type Disposable, window } from "vscode"
import {
  clearRunFilter,
  filterRuns,
  showDagTree,
  showFlatTree,
  showRun,
  sortRuns,
} from "./arrangeRuns.ts"
import type { Command, CommandContext } from "./command.ts"
import { clearKeptLogs, saveLog } from "./logFiles.ts"
import { openExample } from "./openExample.ts"
import { run } from "./run.ts"
import { showGraph } from "./showGraph.ts"
import { showLog, showPreviousLog } from "./showLog.ts"
import { chooseKubeconfig, copyRole, openKubeconfig, showOutput, tryAgain } from "./waysOut.ts"

/** Every command of ours; package.json says where each one shows. */
const table: Readonly<Record<string, Command>> = {
  "kubeExecutions.run": run,
  "kubeExecutions.showGraph": showGraph,
  "kubeExecutions.showLog": showLog,
  "kubeExecutions.showPreviousLog": showPreviousLog,
  "kubeExecutions.saveLog": saveLog,
  "kubeExecutions.clearKeptLogs": clearKeptLogs,
  "kubeExecutions.showDagTree": showDagTree,
  "kubeExecutions.showFlatTree": showFlatTree,
  "kubeExecutions.filterRuns": filterRuns,
  "kubeExecutions.clearRunFilter": clearRunFilter,
  "kubeExecutions.sortRuns": sortRuns,
  "kubeExecutions.showRun": showRun,
  "kubeExecutions.openExample": openExample,
  "kubeExecutions.tryAgain": tryAgain,
  "kubeExecutions.openKubeconfig": openKubeconfig,
  "kubeExecutions.chooseKubeconfig": chooseKubeconfig,
  "kubeExecutions.showOutput": showOutput,
  "kubeExecutions.copyRole": copyRole,
}

/** The one place where a command's failure becomes a message. */
export function registerCommands(context: CommandContext): Disposable[] {
  return Object.entries(table).map(([id, command]) =>
    commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await command(context, ...args)
      } catch (error) {
        context.log.error(error instanceof Error ? error : String(error))
        void window.showErrorMessage(error instanceof Error ? error.message : String(error))
      }
    }),
  )
}

import { commands, type Disposable, window } from "vscode"
import { UntrustedFolder } from "../runs/untrustedFolder.ts"
import {
  clearRunFilter,
  filterRuns,
  showDagTree,
  showFlatTree,
  showRun,
  sortRuns,
} from "./arrangeRuns.ts"
import { choosePlaceCommand } from "./choosePlace.ts"
import { chooseRun } from "./chooseRun.ts"
import {
  addColony,
  copyId,
  downloadFile,
  forgetColony,
  refreshColony,
  removeFile,
} from "./colony.ts"
import type { Command, CommandContext } from "./command.ts"
import { driveFromHere, leaveDriver } from "./drivers.ts"
import { goToSource } from "./goToSource.ts"
import { installDefinition } from "./installDefinition.ts"
import { clearKeptLogs, saveLog } from "./logFiles.ts"
import { openExample } from "./openExample.ts"
import { revealInRuns } from "./revealInRuns.ts"
import { run } from "./run.ts"
import { runAgain } from "./runAgain.ts"
import { runHere } from "./runHere.ts"
import { runFrom, runUpTo } from "./runPart.ts"
import { showGraph } from "./showGraph.ts"
import { showLog, showPreviousLog } from "./showLog.ts"
import { showLogsPanel } from "./showLogsPanel.ts"
import { showGrid, showSequence, showTable } from "./showSequence.ts"
import { showStep } from "./showStep.ts"
import { checkOnServer, goToFirstError, showPlan } from "./specCommands.ts"
import { chooseKubeconfig, copyRole, openKubeconfig, showOutput, tryAgain } from "./waysOut.ts"
import { deleteRuns, resume, retry, stop, suspend } from "./wishes.ts"

/** Every command of ours; package.json says where each one shows. */
const table: Readonly<Record<string, Command>> = {
  "kubeExecutions.run": run,
  "kubeExecutions.runAgain": runAgain,
  "kubeExecutions.runHere": runHere,
  "kubeExecutions.runUpTo": runUpTo,
  "kubeExecutions.runFrom": runFrom,
  "kubeExecutions.checkOnServer": checkOnServer,
  "kubeExecutions.showPlan": showPlan,
  "kubeExecutions.goToFirstError": goToFirstError,
  "kubeExecutions.chooseRun": chooseRun,
  "kubeExecutions.choosePlace": choosePlaceCommand,
  "kubeExecutions.addColony": addColony,
  "kubeExecutions.forgetColony": forgetColony,
  "kubeExecutions.refreshColony": refreshColony,
  "kubeExecutions.copyId": copyId,
  "kubeExecutions.downloadFile": downloadFile,
  "kubeExecutions.removeFile": removeFile,
  "kubeExecutions.stop": stop,
  "kubeExecutions.suspend": suspend,
  "kubeExecutions.resume": resume,
  "kubeExecutions.retry": retry,
  "kubeExecutions.drive": driveFromHere,
  "kubeExecutions.leaveDriver": leaveDriver,
  "kubeExecutions.delete": deleteRuns,
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
  "kubeExecutions.goToSource": goToSource,
  "kubeExecutions.revealInRuns": revealInRuns,
  "kubeExecutions.installDefinition": installDefinition,
  "kubeExecutions.openExample": openExample,
  "kubeExecutions.tryAgain": tryAgain,
  "kubeExecutions.openKubeconfig": openKubeconfig,
  "kubeExecutions.chooseKubeconfig": chooseKubeconfig,
  "kubeExecutions.showOutput": showOutput,
  "kubeExecutions.copyRole": copyRole,
  "kubeExecutions.showSequence": showSequence,
  "kubeExecutions.showTable": showTable,
  "kubeExecutions.showGrid": showGrid,
  "kubeExecutions.showStep": showStep,
  "kubeExecutions.showLogsPanel": showLogsPanel,
}

/** The one place where a command's failure becomes a message. */
export function registerCommands(context: CommandContext): Disposable[] {
  return Object.entries(table).map(([id, command]) =>
    commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await command(context, ...args)
      } catch (error) {
        if (error instanceof UntrustedFolder) {
          void error.tell()
          return
        }
        context.log.error(error instanceof Error ? error : String(error))
        void window.showErrorMessage(error instanceof Error ? error.message : String(error))
      }
    }),
  )
}

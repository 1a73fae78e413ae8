import { commands, type Disposable, window } from "vscode"
import type { Command, CommandContext } from "./command.ts"
import { run } from "./run.ts"
import { showGraph } from "./showGraph.ts"
import { showLog } from "./showLog.ts"

/** Every command of ours; package.json says where each one shows. */
const table: Readonly<Record<string, Command>> = {
  "kubeExecutions.run": run,
  "kubeExecutions.showGraph": showGraph,
  "kubeExecutions.showLog": showLog,
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

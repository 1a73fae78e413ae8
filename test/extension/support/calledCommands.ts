import { commands } from "vscode"

// Each suite is a bundle of its own: what they share is global.
const shared = globalThis as { calledCommands?: Set<string> }
shared.calledCommands ??= new Set()

/** The commands that suites have called so far. */
export const calledCommands: ReadonlySet<string> = shared.calledCommands

/** From now on it is noted which commands are called. */
export function noteCommands(): void {
  const { executeCommand } = commands
  Object.assign(commands, {
    executeCommand: (command: string, ...args: readonly unknown[]) => {
      shared.calledCommands?.add(command)
      return executeCommand.call(commands, command, ...args)
    },
  })
}

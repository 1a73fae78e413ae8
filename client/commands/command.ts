import type { LogOutputChannel } from "vscode"
import type { GraphPanels } from "../panels/graph.ts"
import type { RunLogs } from "../runs/runLogs.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { RunsView } from "../views/runsView.ts"

/** What commands are given to work with. */
export interface CommandContext {
  readonly log: LogOutputChannel
  readonly runs: RunStore
  readonly logs: RunLogs
  readonly view: RunsView
  readonly graphs: GraphPanels
}

/** Arguments come from lenses, menus and other extensions, so each command looks at them itself. */
export type Command = (context: CommandContext, ...args: readonly unknown[]) => Promise<void>

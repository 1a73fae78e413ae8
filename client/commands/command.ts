import type { LogOutputChannel, Memento, Uri } from "vscode"
import type { ColoniesProfiles } from "../colonies/profiles.ts"
import type { ChosenRuns } from "../editor/chosenRuns.ts"
import type { LanguageServer } from "../languageServer.ts"
import type { KeptLogs } from "../logs/keptLogs.ts"
import type { StepLogs } from "../logs/stepLogs.ts"
import type { GraphPanels } from "../panels/graph.ts"
import type { LogsPanels } from "../panels/logs.ts"
import type { SequencePanels } from "../panels/sequence.ts"
import type { StepPanels } from "../panels/step.ts"
import type { Places } from "../places.ts"
import type { PlanDocuments } from "../plan/planDocuments.ts"
import type { ServerAnswers } from "../run/serverAnswers.ts"
import type { RunLogs } from "../runs/runLogs.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { SpecPictures } from "../specPictures.ts"
import type { ColonyView } from "../views/colonyView.ts"
import type { RunsView } from "../views/runsView.ts"

/** What commands are given to work with. */
export interface CommandContext {
  readonly log: LogOutputChannel
  readonly runs: RunStore
  readonly logs: RunLogs
  readonly stepLogs: StepLogs
  readonly keptLogs: KeptLogs
  /** Where the extension is installed. */
  readonly extension: Uri
  readonly view: RunsView
  readonly language: LanguageServer
  readonly pictures: SpecPictures
  readonly places: Places
  readonly colonies: ColoniesProfiles
  readonly colonyView: ColonyView
  readonly chosen: ChosenRuns
  readonly plans: PlanDocuments
  readonly answers: ServerAnswers
  /** Kept for this workspace. */
  readonly memory: Memento
  /** A folder of ours on this machine. */
  readonly storage: Uri
  readonly graphs: GraphPanels
  readonly sequences: SequencePanels
  readonly steps: StepPanels
  readonly logPanels: LogsPanels
}

/** Arguments come from lenses, menus and other extensions, so each command looks at them itself. */
export type Command = (context: CommandContext, ...args: readonly unknown[]) => Promise<void>

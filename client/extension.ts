import { type ExtensionContext, Uri, window } from "vscode"
import type { CommandContext } from "./commands/command.ts"
import { registerCommands } from "./commands/index.ts"
import { showRunsBesideText } from "./editor/besideText.ts"
import { ChosenRuns } from "./editor/chosenRuns.ts"
import { LanguageServer } from "./languageServer.ts"
import { createGraphPanels } from "./panels/graph.ts"
import { tellClusterNames } from "./places/tellClusterNames.ts"
import { watchKubeconfig } from "./places/watchKubeconfig.ts"
import { Places } from "./places.ts"
import { PlanDocuments } from "./plan/planDocuments.ts"
import { planSupplies } from "./plan/planSupplies.ts"
import { ServerAnswers } from "./run/serverAnswers.ts"
import { RunLogs } from "./runs/runLogs.ts"
import { RunStore } from "./runs/runStore.ts"
import { SpecPictures } from "./specPictures.ts"
import { watchSpecs } from "./specs.ts"
import { tellEnds } from "./status/ends.ts"
import { createPlaceItem } from "./status/placeItem.ts"
import { createRunItem } from "./status/runItem.ts"
import { createJobsView } from "./views/jobsView.ts"
import { RunsView } from "./views/runsView.ts"

/**
 * Builds the parts and joins them. Nothing here starts a process: the language server comes with
 * the first document of ours, the engine with the first look at runs.
 */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Kube Executions", { log: true })
  const version = String(context.extension.packageJSON.version)
  const memory = context.workspaceState
  const language = new LanguageServer(context.asAbsolutePath("dist/server.js"))
  const runs = new RunStore(context.asAbsolutePath("dist/engine.js"), version, log)
  const logs = new RunLogs(runs)
  const places = new Places(runs, memory)
  const view = new RunsView(runs, places)
  const pictures = new SpecPictures(language)
  const chosen = new ChosenRuns(runs)
  const answers = new ServerAnswers()
  const plans = new PlanDocuments(language, pictures, (target) =>
    planSupplies({ language, places, memory }, target),
  )
  const graphs = createGraphPanels(context.extensionUri)
  const storage = context.globalStorageUri
  const parts: CommandContext = {
    ...{ log, runs, logs, view, language, pictures, graphs },
    ...{ places, chosen, plans, answers, memory, storage },
  }
  const icons = Uri.joinPath(context.extensionUri, "media/icons/status")

  context.subscriptions.push(
    log,
    language,
    runs,
    logs,
    places,
    view,
    pictures,
    chosen,
    answers,
    plans,
    graphs,
    createJobsView(runs),
    createPlaceItem(places, runs),
    createRunItem(runs),
    tellEnds(runs),
    watchKubeconfig(places, runs),
    tellClusterNames(language, places, runs),
    showRunsBesideText({ language, runs, pictures, chosen, icons }),
    watchSpecs(() => language.start()),
    ...registerCommands(parts),
  )
}

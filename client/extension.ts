import { type ExtensionContext, Uri, window, workspace } from "vscode"
import { ColoniesProfiles } from "./colonies/profiles.ts"
import type { CommandContext } from "./commands/command.ts"
import { registerCommands } from "./commands/index.ts"
import { showRunsBesideText } from "./editor/besideText.ts"
import { ChosenRuns } from "./editor/chosenRuns.ts"
import { LanguageServer } from "./languageServer.ts"
import { KeptLogs } from "./logs/keptLogs.ts"
import { StepLogs } from "./logs/stepLogs.ts"
import { createGraphPanels } from "./panels/graph.ts"
import { createLogsPanels } from "./panels/logs.ts"
import { createSequencePanels } from "./panels/sequence.ts"
import { createStepPanels } from "./panels/step.ts"
import { offerDefinitionDocument } from "./places/definitionDocument.ts"
import { tellClusterNames } from "./places/tellClusterNames.ts"
import { watchKubeconfig } from "./places/watchKubeconfig.ts"
import { Places } from "./places.ts"
import { PlanDocuments } from "./plan/planDocuments.ts"
import { planSupplies } from "./plan/planSupplies.ts"
import { ServerAnswers } from "./run/serverAnswers.ts"
import { LoginPlugins } from "./runs/loginPlugins.ts"
import { RunLogs } from "./runs/runLogs.ts"
import { RunStore } from "./runs/runStore.ts"
import { tellRetention } from "./runs/tellRetention.ts"
import { SpecPictures } from "./specPictures.ts"
import { watchSpecs } from "./specs.ts"
import { tellEnds } from "./status/ends.ts"
import { createPlaceItem } from "./status/placeItem.ts"
import { createRunItem } from "./status/runItem.ts"
import { tellSilence } from "./status/silentEngine.ts"
import { ColonyView } from "./views/colonyView.ts"
import { createExamplesView } from "./views/examplesView.ts"
import { createJobsView } from "./views/jobsView.ts"
import { RunsView } from "./views/runsView.ts"
import { watchWalkthrough } from "./walkthrough.ts"

/**
 * Builds the parts and joins them. Nothing here starts a process: the language server comes with
 * the first document of ours, the engine with the first look at runs.
 */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Kube Executions", { log: true })
  const version = String(context.extension.packageJSON.version)
  const memory = context.workspaceState
  const language = new LanguageServer(context.asAbsolutePath("dist/server.js"))
  const plugins = new LoginPlugins(context.globalState)
  const program = context.asAbsolutePath("dist/engine.js")
  const runs = new RunStore({ program, version, log, plugins })
  const kept = Uri.joinPath(context.globalStorageUri, "logs").fsPath
  const keptLogs = new KeptLogs(kept, mostKeptBytes)
  const logs = new RunLogs(runs, keptLogs)
  const stepLogs = new StepLogs(runs, keptLogs)
  const colonies = new ColoniesProfiles(context.globalState, context.secrets)
  const places = new Places(runs, memory, colonies)
  const colonyView = new ColonyView(runs, places)
  const view = new RunsView({ runs, places, plugins, memory })
  const pictures = new SpecPictures(language)
  const chosen = new ChosenRuns(runs)
  const answers = new ServerAnswers()
  const plans = new PlanDocuments(language, pictures, (target) =>
    planSupplies({ language, places, memory }, target),
  )
  const graphs = createGraphPanels(context.extensionUri, {
    ...{ language, runs, chosen, log, view },
  })
  const sequences = createSequencePanels(context.extensionUri, runs, () => places.open())
  const steps = createStepPanels(context.extensionUri, {
    runs,
    language,
    view,
    openPlace: () => places.open(),
  })
  const logPanels = createLogsPanels(context.extensionUri, runs, keptLogs, () => places.open())
  const storage = context.globalStorageUri
  const parts: CommandContext = {
    ...{
      log,
      runs,
      logs,
      stepLogs,
      keptLogs,
      view,
      language,
      pictures,
      graphs,
      sequences,
      steps,
      logPanels,
    },
    extension: context.extensionUri,
    ...{ places, colonies, colonyView, chosen, plans, answers, memory, storage },
  }
  const icons = Uri.joinPath(context.extensionUri, "media/icons/status")

  context.subscriptions.push(
    log,
    language,
    runs,
    logs,
    stepLogs,
    places,
    colonyView,
    view,
    createExamplesView(),
    watchWalkthrough(runs),
    pictures,
    chosen,
    answers,
    plans,
    graphs,
    sequences,
    steps,
    logPanels,
    createJobsView(runs),
    createPlaceItem(places, runs),
    createRunItem(runs),
    tellEnds(runs),
    tellSilence(runs),
    tellRetention(runs),
    watchKubeconfig(places, runs),
    offerDefinitionDocument(language),
    tellClusterNames(language, places, runs),
    showRunsBesideText({ language, runs, pictures, chosen, icons }),
    watchSpecs(() => language.start(), memory),
    ...registerCommands(parts),
  )
}

function mostKeptBytes(): number {
  const megabytes = workspace.getConfiguration("kubeExecutions").get<number>("logs.keepMb") ?? 200
  return Math.max(0, megabytes) * 1024 * 1024
}

import { type ExtensionContext, Uri, window, workspace } from "vscode"
import { registerCommands } from "./commands/index.ts"
import { LanguageServer } from "./languageServer.ts"
import { KeptLogs } from "./logs/keptLogs.ts"
import { StepLogs } from "./logs/stepLogs.ts"
import { createGraphPanels } from "./panels/graph.ts"
import { Places } from "./places.ts"
import { LoginPlugins } from "./runs/loginPlugins.ts"
import { RunLogs } from "./runs/runLogs.ts"
import { RunStore } from "./runs/runStore.ts"
import { watchSpecs } from "./specs.ts"
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
  const language = new LanguageServer(context.asAbsolutePath("dist/server.js"))
  const memory = context.workspaceState
  const plugins = new LoginPlugins(context.globalState)
  const program = context.asAbsolutePath("dist/engine.js")
  const runs = new RunStore({ program, version, log, plugins })
  const kept = Uri.joinPath(context.globalStorageUri, "logs").fsPath
  const keptLogs = new KeptLogs(kept, mostKeptBytes)
  const logs = new RunLogs(runs, keptLogs)
  const stepLogs = new StepLogs(runs, keptLogs)
  const places = new Places(runs, memory)
  const view = new RunsView({ runs, places, plugins, memory })
  const graphs = createGraphPanels(context.extensionUri)

  context.subscriptions.push(
    log,
    language,
    runs,
    logs,
    stepLogs,
    places,
    view,
    createExamplesView(),
    watchWalkthrough(runs),
    graphs,
    createJobsView(runs),
    watchSpecs(() => language.start(), memory),
    ...registerCommands({
      ...{ log, runs, logs, stepLogs, keptLogs, places, memory, view, graphs },
      extension: context.extensionUri,
    }),
  )
}

function mostKeptBytes(): number {
  const megabytes = workspace.getConfiguration("kubeExecutions").get<number>("logs.keepMb") ?? 200
  return Math.max(0, megabytes) * 1024 * 1024
}

import { type ExtensionContext, window } from "vscode"
import { registerCommands } from "./commands/index.ts"
import { LanguageServer } from "./languageServer.ts"
import { createGraphPanels } from "./panels/graph.ts"
import { RunLogs } from "./runs/runLogs.ts"
import { RunStore } from "./runs/runStore.ts"
import { watchSpecs } from "./specs.ts"
import { createJobsView } from "./views/jobsView.ts"
import { RunsView } from "./views/runsView.ts"

/**
 * Builds the parts and joins them. Nothing here starts a process: the language server comes with
 * the first document of ours, the engine with the first look at runs.
 */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Kube Executions", { log: true })
  const version = String(context.extension.packageJSON.version)
  const language = new LanguageServer(context.asAbsolutePath("dist/server.js"))
  const runs = new RunStore(context.asAbsolutePath("dist/engine.js"), version, log)
  const logs = new RunLogs(runs)
  const view = new RunsView(runs)
  const graphs = createGraphPanels(context.extensionUri)

  context.subscriptions.push(
    log,
    language,
    runs,
    logs,
    view,
    graphs,
    createJobsView(runs),
    watchSpecs(() => language.start()),
    ...registerCommands({ log, runs, logs, view, graphs }),
  )
}

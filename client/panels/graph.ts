import { basename } from "node:path"
import { Disposable, type LogOutputChannel, l10n, Uri, window } from "vscode"
import type { GraphSubject } from "#media/graph/protocol"
import type { ChosenRuns } from "../editor/chosenRuns.ts"
import type { LanguageServer } from "../languageServer.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { RunsNode } from "../views/runsNode.ts"
import type { RunsView } from "../views/runsView.ts"
import { GraphFeed } from "./graphFeed.ts"
import { PanelHost } from "./panelHost.ts"

export type GraphPanels = PanelHost<"graph">

export interface GraphSources {
  readonly language: LanguageServer
  readonly runs: RunStore
  readonly chosen: ChosenRuns
  readonly view: RunsView
  readonly log: LogOutputChannel
}

/** The graphs of workflows as they are written, and of runs. */
export function createGraphPanels(extension: Uri, sources: GraphSources): GraphPanels {
  const feeds = new Set<GraphFeed>()
  const listeners: Disposable[] = [
    window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const uri = textEditor.document.uri.toString()
      const line = selections[0]?.active.line
      if (line === undefined) return
      for (const feed of feeds) feed.chooseLine(uri, line)
    }),
    sources.view.onDidChoose(({ selection }) => {
      const chosen = selection[0] && choiceOf(selection[0])
      if (chosen) for (const feed of feeds) feed.chooseInRun(chosen)
    }),
  ]
  const host = new PanelHost<"graph">(extension, {
    kind: "graph",
    icon: "graph",
    parse: parseSubject,
    key: (subject) =>
      subject.kind === "spec"
        ? `${subject.uri}#${subject.index}`
        : `${subject.place}/${subject.run}`,
    title: (subject) =>
      l10n.t("Graph: {name}", {
        name: subject.kind === "spec" ? basename(Uri.parse(subject.uri).path) : subject.run,
      }),
    attach: (panel) => {
      const feed = new GraphFeed(panel, sources)
      feeds.add(feed)
      return {
        ready: () => feed.ready(),
        receive: (message) => feed.receive(message),
        dispose: () => {
          feeds.delete(feed)
          feed.dispose()
        },
      }
    },
    dispose: () => Disposable.from(...listeners).dispose(),
  })
  return host
}

/** A task or a step of a run that was chosen in the tree. */
export interface ChosenInRun {
  readonly place: string
  readonly run: string
  readonly task: string
  readonly step: number | null
}

function choiceOf(node: RunsNode): ChosenInRun | undefined {
  switch (node.kind) {
    case "task":
    case "link":
    case "steps":
    case "group":
      return { place: node.place, run: node.run, task: node.task, step: null }
    case "step":
    case "attempt":
    case "try":
      return { place: node.place, run: node.run, task: node.task, step: node.index }
    default:
      return undefined
  }
}

function parseSubject(kept: unknown): GraphSubject | undefined {
  if (typeof kept !== "object" || kept === null || !("kind" in kept)) return undefined
  if (kept.kind === "spec" && "uri" in kept && typeof kept.uri === "string") {
    const index = "index" in kept && typeof kept.index === "number" ? kept.index : 0
    return { kind: "spec", uri: kept.uri, index }
  }
  if (kept.kind !== "run" || !("place" in kept) || !("run" in kept)) return undefined
  const { place, run } = kept
  return typeof place === "string" && typeof run === "string"
    ? { kind: "run", place, run }
    : undefined
}

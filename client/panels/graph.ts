import { basename } from "node:path"
import { l10n, Uri } from "vscode"
import type { GraphSubject } from "#media/graph/protocol"
import { PanelHost } from "./panelHost.ts"

export type GraphPanels = PanelHost<"graph">

/** The graphs of workflows as they are written, and of runs. */
export function createGraphPanels(extension: Uri): GraphPanels {
  return new PanelHost(extension, {
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
    attach: () => ({ ready: () => {}, receive: () => {}, dispose: () => {} }),
  })
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

import { l10n, type Uri } from "vscode"
import type { PlaceState } from "#engine/protocol"
import type { LogsSubject } from "#media/logs/protocol"
import type { KeptLogs } from "../logs/keptLogs.ts"
import type { RunStore } from "../runs/runStore.ts"
import { LogsFeed } from "./logsFeed.ts"
import { PanelHost } from "./panelHost.ts"

export type LogsPanels = PanelHost<"logs">

/** What steps print, many of them as one log. */
export function createLogsPanels(
  extension: Uri,
  runs: RunStore,
  kept: KeptLogs,
  openPlace: () => Promise<PlaceState>,
): LogsPanels {
  return new PanelHost(extension, {
    kind: "logs",
    icon: "logs",
    parse: parseSubject,
    key: ({ place, run, steps }) => JSON.stringify([place, run, steps]),
    title: ({ run, steps }) =>
      l10n.t("Logs: {name}", { name: steps.length === 0 ? run : steps.slice(0, 3).join(", ") }),
    attach: (panel) => new LogsFeed(panel, { runs, kept, openPlace }),
  })
}

function parseSubject(kept: unknown): LogsSubject | undefined {
  if (typeof kept !== "object" || kept === null) return undefined
  const { place, run, steps } = kept as Readonly<Record<string, unknown>>
  if (typeof place !== "string" || typeof run !== "string" || !Array.isArray(steps))
    return undefined
  return { place, run, steps: steps.filter((step) => typeof step === "string") }
}

import type { Uri } from "vscode"
import { l10n } from "vscode"
import type { StepSubject } from "#media/step/protocol"
import { PanelHost } from "./panelHost.ts"
import { StepFeed, type StepSources } from "./stepFeed.ts"

export type StepPanels = PanelHost<"step">

/** All that is known of one step each: why, where its time went, what it printed. */
export function createStepPanels(extension: Uri, sources: StepSources): StepPanels {
  return new PanelHost(extension, {
    kind: "step",
    icon: "step",
    parse: parseSubject,
    key: ({ place, run, step }) => `${place}\n${run}\n${step}`,
    title: ({ step }) => l10n.t("Step: {name}", { name: step }),
    attach: (panel) => new StepFeed(panel, sources),
  })
}

function parseSubject(kept: unknown): StepSubject | undefined {
  if (typeof kept !== "object" || kept === null) return undefined
  const { place, run, step } = kept as Readonly<Record<string, unknown>>
  const isKnown = typeof place === "string" && typeof run === "string" && typeof step === "string"
  return isKnown ? { place, run, step } : undefined
}

import { l10n, window, workspace } from "vscode"
import type { DefinitionState, PlaceState } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"
import { definitionUri } from "./definitionDocument.ts"
import { mayChange, mayTouch } from "./guard.ts"

/**
 * The place new runs go to. A cluster that does not know Executions is offered the definition; where
 * nobody wants that, or may not, runs can be kept in ConfigMaps.
 */
export async function openPlace(context: CommandContext): Promise<PlaceState | undefined> {
  try {
    return await context.places.open()
  } catch (error) {
    if (!(await lacksDefinition(context))) throw error
    switch (await offerDefinition(context)) {
      case "installed":
        return context.places.open()
      case "config-maps":
        return context.places.open({ withoutDefinition: true })
      case undefined:
        return undefined
    }
  }
}

async function lacksDefinition({ runs, places }: CommandContext): Promise<boolean> {
  const request = places.request()
  if (request.kind !== "kube") return false
  try {
    return (await runs.call("definition/look", request)).is === "absent"
  } catch {
    // Whoever may not look at definitions is told why the place did not open.
    return false
  }
}

/** Installs the definition on the person's word, or answers that runs are to do without it. */
export async function offerDefinition(
  context: CommandContext,
): Promise<"installed" | "config-maps" | undefined> {
  const { runs, places } = context
  const request = places.kubeRequest()
  const found = await runs.call("definition/look", request)
  const { context: name, is, mayInstall } = found
  const show = l10n.t("Show It")
  const install = is === "absent" ? l10n.t("Install") : l10n.t("Replace")
  const configMaps = l10n.t("Keep Runs in ConfigMaps")
  const answers = !mayInstall
    ? [configMaps]
    : is === "absent"
      ? [install, configMaps, show]
      : [install, show]
  for (;;) {
    const answer = await window.showWarningMessage(offerText(found), ...answers)
    if (answer === undefined) return undefined
    if (answer === configMaps) return "config-maps"
    if (answer === install) break
    const document = await workspace.openTextDocument(definitionUri)
    await window.showTextDocument(document, { preview: true })
  }
  if (!(await mayChange(name))) return undefined
  const title = l10n.t('Install in the protected context "{name}"', { name })
  const prompt = l10n.t("Creates 1 CustomResourceDefinition. Type the context's name.")
  if (!(await mayTouch(name, title, prompt))) return undefined
  await runs.call("definition/install", request)
  return "installed"
}

function offerText({ context: name, is, differences, mayInstall }: DefinitionState): string {
  const [first = ""] = differences
  if (is === "other" && mayInstall) {
    return l10n.t(
      'The cluster of "{name}" has another definition of Executions; the first difference is {first}. Replace it? It changes the cluster for everyone.',
      { name, first },
    )
  }
  if (is === "other") {
    return l10n.t(
      'The cluster of "{name}" has another definition of Executions, and you may not replace it; the first difference is {first}. Runs can be kept in ConfigMaps of the namespace instead; everything else is the same.',
      { name, first },
    )
  }
  return mayInstall
    ? l10n.t(
        'The cluster of "{name}" does not know Executions yet. Install the definition (1 CRD, no controller)? It changes the cluster for everyone. Without it, runs can be kept in ConfigMaps of the namespace.',
        { name },
      )
    : l10n.t(
        'The cluster of "{name}" does not know Executions, and you may not install their definition. Runs can be kept in ConfigMaps of the namespace instead; everything else is the same.',
        { name },
      )
}

import { l10n, window } from "vscode"
import { offerDefinition } from "../places/openPlace.ts"
import type { Command } from "./command.ts"

/** Installs the definition of Executions in the cluster that new runs go to, on the person's word. */
export const installDefinition: Command = async (context) => {
  const { is, context: name } = await context.runs.call(
    "definition/look",
    context.places.kubeRequest(),
  )
  if (is === "ours") {
    void window.showInformationMessage(
      l10n.t('The cluster of "{name}" knows Executions.', { name }),
    )
    context.view.reopen()
    return
  }
  const answer = await offerDefinition(context)
  if (answer === "installed") context.view.reopen()
  if (answer === "config-maps") await context.places.open({ withoutDefinition: true })
}

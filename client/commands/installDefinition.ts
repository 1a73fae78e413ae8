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
  } else if (!(await offerDefinition(context))) return
  context.view.reopen()
}

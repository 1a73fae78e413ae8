import { l10n, window, workspace } from "vscode"
import type { PlaceState } from "#engine/protocol"
import { definitionRequest } from "#server/protocol"
import type { CommandContext } from "../commands/command.ts"
import { mayChange, mayTouch } from "./guard.ts"

/** The place new runs go to. A cluster that does not know Executions is offered the definition. */
export async function openPlace(context: CommandContext): Promise<PlaceState | undefined> {
  try {
    return await context.places.open()
  } catch (error) {
    if (!(await lacksDefinition(context))) throw error
    return (await offerDefinition(context)) ? context.places.open() : undefined
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

/** Installs the definition on the person's word; true when it is there now. */
export async function offerDefinition(context: CommandContext): Promise<boolean> {
  const { runs, places, language } = context
  const request = places.kubeRequest()
  const { context: name, is, differences } = await runs.call("definition/look", request)
  const show = l10n.t("Show It")
  const install = is === "absent" ? l10n.t("Install") : l10n.t("Replace")
  const [first = ""] = differences
  const sentence =
    is === "absent"
      ? l10n.t(
          'The cluster of "{name}" does not know Executions yet. Install the definition (1 CRD, no controller)? It changes the cluster for everyone.',
          { name },
        )
      : l10n.t(
          'The cluster of "{name}" has another definition of Executions; the first difference is {first}. Replace it? It changes the cluster for everyone.',
          { name, first },
        )
  for (;;) {
    const answer = await window.showWarningMessage(sentence, install, show)
    if (answer === undefined) return false
    if (answer === install) break
    const content = await language.request<string>(definitionRequest, {})
    const document = await workspace.openTextDocument({ language: "yaml", content })
    await window.showTextDocument(document, { preview: true })
  }
  if (!(await mayChange(name))) return false
  const title = l10n.t('Install in the protected context "{name}"', { name })
  const prompt = l10n.t("Creates 1 CustomResourceDefinition. Type the context's name.")
  if (!(await mayTouch(name, title, prompt))) return false
  await runs.call("definition/install", request)
  return true
}

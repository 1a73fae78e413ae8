import { commands, l10n, window } from "vscode"
import type { Command, CommandContext } from "./command.ts"
import { type Row, rowsOf, rowsOrPick } from "./rows.ts"

/**
 * Shows a run, task or step in the tree: the one that a picture names, else the run that is shown
 * beside the text, else one that is picked.
 */
export const revealInRuns: Command = async (context, node) => {
  const row = rowsOf(node)[0] ?? besideText(context) ?? (await picked(context))
  if (!row) return
  await commands.executeCommand("kubeExecutions.runs.focus")
  await context.places.open()
  await context.view.reveal(row.place, row.run, row.task, row.step)
}

function besideText({ chosen }: CommandContext): Row | undefined {
  const uri = window.activeTextEditor?.document.uri
  return uri && chosen.of(uri, 0)
}

async function picked(context: CommandContext): Promise<Row | undefined> {
  const [row] = await rowsOrPick(context, l10n.t("Reveal a run"), () => true, undefined)
  return row
}

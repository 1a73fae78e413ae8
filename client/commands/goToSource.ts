import { l10n, Range, window, workspace } from "vscode"
import type { Command } from "./command.ts"
import { knownRun, rowsOf } from "./rows.ts"
import { fileInWorkspace } from "./runPart.ts"

/** Opens the text that a run was made from, at the line of the row's task. */
export const goToSource: Command = async (context, node) => {
  const [row] = rowsOf(node ?? context.view.selection[0])
  if (!row) {
    void window.showInformationMessage(l10n.t("Choose a run, task or step in the tree first."))
    return
  }
  const source = knownRun(context, row)?.source
  const uri = source && (await fileInWorkspace(source.file))
  if (!source || !uri) {
    void window.showErrorMessage(
      l10n.t('The file that "{run}" was made from is not in this workspace.', { run: row.run }),
    )
    return
  }
  const document = await workspace.openTextDocument(uri)
  const workflow = (await context.pictures.of(document))?.workflows[source.document]
  const task = workflow?.tasks.find(({ name }) => name === row.task)
  const line = task?.nameLine ?? workflow?.firstLine ?? 0
  await window.showTextDocument(document, { selection: new Range(line, 0, line, 0) })
}

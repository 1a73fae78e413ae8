import {
  commands,
  l10n,
  Position,
  Range,
  type TextDocument,
  ViewColumn,
  WorkspaceEdit,
  window,
  workspace,
} from "vscode"
import { moreOf } from "#core/view/moreOf"
import type { StepDetail } from "#core/view/stepDetail"
import type { StepAct, StepSubject } from "#media/step/protocol"
import { type CausesParams, type CausesResult, causesRequest } from "#server/protocol"
import { nodeOf } from "../commands/rows.ts"
import { fileInWorkspace } from "../commands/runPart.ts"
import type { LanguageServer } from "../languageServer.ts"
import type { RunsView } from "../views/runsView.ts"

interface ActSources {
  readonly language: LanguageServer
  readonly view: RunsView
}

/** Carries out what a person pressed on the page of a step. */
export async function actOnStep(
  { language, view }: ActSources,
  { place, run }: Pick<StepSubject, "place" | "run">,
  detail: StepDetail,
  act: StepAct,
): Promise<void> {
  const step = nodeOf({ place, run, step: detail.step.id })
  switch (act) {
    case "source":
      await showSource(language, detail)
      return
    case "raise":
      return raise(language, detail)
    case "tree":
      return view.revealStep(place, run, detail.task, detail.step.index, true)
    case "log":
      await commands.executeCommand("kubeExecutions.showLog", step)
      return
    case "runFrom":
      await commands.executeCommand(
        "kubeExecutions.runFrom",
        nodeOf({ place, run, task: detail.task }),
      )
      return
    case "retry":
      await commands.executeCommand("kubeExecutions.retry", step)
      return
    case "resume":
    case "graph": {
      const command = act === "graph" ? "showGraph" : "resume"
      await commands.executeCommand(`kubeExecutions.${command}`, nodeOf({ place, run }))
    }
  }
}

/** What caused it where that is known, else its task, in the text that the run was made from. */
async function showSource(
  language: LanguageServer,
  detail: StepDetail,
): Promise<Shown | undefined> {
  const { source, task, run, step } = detail
  const uri = source ? await fileInWorkspace(source.file) : undefined
  if (source === null || uri === undefined) {
    void window.showErrorMessage(
      l10n.t('The file that "{run}" was made from is not in this workspace.', { run }),
    )
    return undefined
  }
  const document = await workspace.openTextDocument(uri)
  const visible = window.visibleTextEditors.find((one) => one.document === document)
  const viewColumn = visible?.viewColumn ?? ViewColumn.Beside
  const wanted = [{ task, step: step.index, field: step.reason?.field }]
  const params: CausesParams = { uri: uri.toString(), index: source.document, wanted }
  const [cause] = await language.request<CausesResult>(causesRequest, params)
  if (!cause) {
    await window.showTextDocument(document, { viewColumn })
    void window.showErrorMessage(l10n.t('The text has no task "{task}" any more.', { task }))
    return undefined
  }
  const { start, end } = cause
  const from = new Position(start.line, start.character)
  const selection = new Range(from, new Position(end.line, end.character))
  await window.showTextDocument(document, { viewColumn, selection })
  return { document, selection, text: cause.text }
}

/** Goes to the amount that was too little, and puts there what a person picks or types. */
async function raise(language: LanguageServer, detail: StepDetail): Promise<void> {
  const shown = await showSource(language, detail)
  const field = detail.step.reason?.field
  const offers = moreOf(shown?.text ?? "")
  // The amount was not written down: the task is shown, and whoever wrote it knows where it goes.
  if (shown === undefined || field === undefined || offers.length === 0) return
  const other = l10n.t("Another Amount…")
  const title = l10n.t('"{field}" of "{task}" is {amount}. Set it to what?', {
    field,
    task: detail.task,
    amount: shown.text,
  })
  const picked = await window.showQuickPick([...offers, other], { title })
  const value =
    picked === other ? await window.showInputBox({ title, value: offers[0] ?? "" }) : picked
  if (value === undefined || value.trim() === "") return
  // The text may have been edited while the question stood.
  const { document, selection, text } = shown
  if (document.getText(selection) !== text) {
    void window.showErrorMessage(
      l10n.t('"{field}" was changed meanwhile; nothing was set.', { field }),
    )
    return
  }
  const edit = new WorkspaceEdit()
  edit.replace(document.uri, selection, value.trim())
  await workspace.applyEdit(edit)
}

interface Shown {
  readonly document: TextDocument
  readonly selection: Range
  /** What stands there. */
  readonly text: string
}

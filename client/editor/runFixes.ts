import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  type Diagnostic,
  type Disposable,
  l10n,
  languages,
  type TextDocument,
  WorkspaceEdit,
} from "vscode"
import { moreOf } from "#core/view/moreOf"
import { nodeOf } from "../commands/rows.ts"
import { specLanguages } from "../specs.ts"
import type { RunProblem, RunProblems } from "./runProblems.ts"

/** What to do about a problem that a run brought to light, best first. */
export class RunFixes implements CodeActionProvider, Disposable {
  readonly #problems: RunProblems
  readonly #registered: Disposable

  constructor(problems: RunProblems) {
    this.#problems = problems
    const selector = specLanguages.map((language) => ({ language }))
    const kinds = { providedCodeActionKinds: [CodeActionKind.QuickFix] }
    this.#registered = languages.registerCodeActionsProvider(selector, this, kinds)
  }

  provideCodeActions(
    document: TextDocument,
    _range: unknown,
    { diagnostics }: { readonly diagnostics: readonly Diagnostic[] },
  ): CodeAction[] {
    return this.#problems.all
      .filter(({ uri }) => uri.toString() === document.uri.toString())
      .flatMap((problem) => {
        const shown = diagnostics.find((one) => isSame(one, problem.diagnostic))
        return shown ? fixes(problem, shown) : []
      })
  }

  dispose(): void {
    this.#registered.dispose()
  }
}

function fixes(problem: RunProblem, shown: Diagnostic): CodeAction[] {
  const { uri, index, run, trouble, cause } = problem
  const { task, step, reason } = trouble
  const action = (title: string, command?: string, ...args: unknown[]): CodeAction => {
    const made = new CodeAction(title, CodeActionKind.QuickFix)
    made.diagnostics = [shown]
    if (command) made.command = { title, command, arguments: args }
    return made
  }
  const isTooLittle = reason.kind === "out-of-memory" && reason.field === "memory"
  const values = (isTooLittle ? moreOf(cause.text) : []).map((value, position): CodeAction => {
    const made = action(l10n.t('Set "memory" to {value}', { value }))
    made.edit = new WorkspaceEdit()
    made.edit.replace(uri, shown.range, value)
    made.isPreferred = position === 0
    return made
  })
  const again = l10n.t('Run again from "{task}" with this text', { task })
  const log = l10n.t("Show the log of {step}", { step: step.id })
  const hide = l10n.t("Hide this problem for {run}", { run: run.run })
  return [
    ...values,
    ...(trouble.kind === "failed"
      ? [
          action(again, "kubeExecutions.runFrom", uri.toString(), index, task),
          action(log, "kubeExecutions.showLog", nodeOf({ ...run, step: step.id })),
        ]
      : []),
    action(hide, hideCommand, problem),
  ]
}

/** Not in the palette: only a fix knows which problem is meant. */
export const hideCommand = "kubeExecutions.hideProblem"

/** What comes back from the editor is a copy of what was handed to it. */
function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return a.message === b.message && a.source === b.source && a.range.isEqual(b.range)
}

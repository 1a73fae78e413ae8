import {
  commands,
  Diagnostic,
  DiagnosticSeverity,
  l10n,
  ProgressLocation,
  Range,
  window,
} from "vscode"
import type { JobAnswer } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"
import { placeName } from "../places/placeName.ts"
import type { ReadyRun } from "./start.ts"

/** Asks the API server about every Job and marks the tasks of those it would refuse. */
export async function checkOnServer(context: CommandContext, ready: ReadyRun): Promise<void> {
  const { place, source, options, spec } = ready
  const title = l10n.t("Asking {place} about each Job", { place: placeName(place) })
  const answers = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
    context.runs.call("run/check", { place: place.id, spec: source, options }),
  )
  const refused = answers.filter(({ refusal }) => refusal !== undefined)
  context.answers.set(spec.document.uri, diagnostics(ready, refused))
  const total = answers.length
  if (refused.length === 0) {
    const sentence = l10n.t('All {total} Jobs would be created in "{namespace}".', {
      total,
      namespace: place.namespace,
    })
    void window.showInformationMessage(sentence)
    return
  }
  const show = l10n.t("Show Problems")
  const sentence = l10n.t("{refused} of {total} Jobs would be refused: {first}", {
    refused: refused.length,
    total,
    first: refused[0]?.refusal ?? "",
  })
  if ((await window.showWarningMessage(sentence, show)) === show) {
    await commands.executeCommand("workbench.actions.view.problems")
  }
}

/** One problem for each task and sentence: its Jobs mostly share their fate. */
function diagnostics(
  { spec, place }: ReadyRun,
  refused: readonly JobAnswer[],
): readonly Diagnostic[] {
  const groups = new Map<string, { task: string; refusal: string; count: number }>()
  for (const { task, refusal = "" } of refused) {
    const key = `${task}\n${refusal}`
    const group = groups.get(key) ?? { task, refusal, count: 0 }
    group.count++
    groups.set(key, group)
  }
  return [...groups.values()].map(({ task, refusal, count }) => {
    const found = spec.workflow.tasks.find(({ name }) => name === task)
    const line = spec.document.lineAt(found?.nameLine ?? spec.workflow.firstLine)
    const start = line.firstNonWhitespaceCharacterIndex
    const sentence = count === 1 ? refusal : l10n.t("{refusal} ({count} Jobs)", { refusal, count })
    const range = new Range(line.lineNumber, start, line.lineNumber, line.text.length)
    const diagnostic = new Diagnostic(range, sentence, DiagnosticSeverity.Error)
    diagnostic.source = l10n.t("check in {context}", { context: place.context })
    return diagnostic
  })
}

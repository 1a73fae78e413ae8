import { type TextDocument, window } from "vscode"
import type { RunView } from "#core/view/statusTree"
import type { WorkflowPicture } from "#server/protocol"
import type { SpecPictures } from "../specPictures.ts"
import { isSpec } from "../specs.ts"
import type { ChosenRuns, RunName } from "./chosenRuns.ts"

/** A workflow in an editor and the run that is shown beside it. */
export interface ShownRun {
  readonly document: TextDocument
  readonly index: number
  readonly workflow: WorkflowPicture
  readonly name: RunName
  readonly view: RunView
}

/**
 * Everything that is to be shown of runs beside the text of the editors in sight; it is not all of it
 * while a text is newer than what is known of it.
 */
export async function shownRuns(
  pictures: SpecPictures,
  chosen: ChosenRuns,
): Promise<{ readonly shown: readonly ShownRun[]; readonly isWhole: boolean }> {
  const documents = new Set(window.visibleTextEditors.map(({ document }) => document))
  const shown: ShownRun[] = []
  const names: RunName[] = []
  let isWhole = true
  for (const document of documents) {
    if (!isSpec(document)) continue
    const picture = await pictures.of(document)
    if (picture?.version !== document.version) {
      isWhole = false
      continue
    }
    for (const [index, workflow] of picture.workflows.entries()) {
      const name = chosen.of(document.uri, index)
      if (!name) continue
      names.push(name)
      const view = chosen.view(name)
      if (view) shown.push({ document, index, workflow, name, view })
    }
  }
  chosen.keepOnly(names)
  return { shown, isWhole }
}

/** Whether what a task says is not what it said when the run was made. */
export function isChanged({ view, workflow }: ShownRun, task: string): boolean {
  const { source } = view
  if (!source) return false
  if (!source.tasks) return source.hash !== workflow.hash
  return source.tasks[task] !== workflow.tasks.find(({ name }) => name === task)?.hash
}

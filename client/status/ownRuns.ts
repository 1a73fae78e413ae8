import { workspace } from "vscode"
import type { KnownRun, RunName } from "../editor/chosenRuns.ts"
import type { RunStore } from "../runs/runStore.ts"

export interface OwnRun extends RunName {
  readonly known: KnownRun
}

/** Runs that were made from a file of this workspace: others' runs are none of its business. */
export function ownRuns(runs: RunStore): readonly OwnRun[] {
  return runs.places.flatMap(({ place, runs: list }) =>
    list.flatMap((known) =>
      known.source && isOfWorkspace(known.source.file)
        ? [{ place: place.id, run: known.name, known }]
        : [],
    ),
  )
}

/** Relative to a folder of a workspace, or in one that is open. */
function isOfWorkspace(file: string): boolean {
  const isAbsolute = file.startsWith("/") || /^[a-zA-Z]:[\\/]/.test(file)
  const folders = workspace.workspaceFolders ?? []
  if (isAbsolute) {
    return (
      folders.length === 0 ||
      folders.some(({ uri }) => file.startsWith(uri.fsPath)) ||
      workspace.textDocuments.some(({ uri }) => uri.fsPath === file)
    )
  }
  return folders.length > 0
}

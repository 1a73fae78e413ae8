import { commands, Disposable, languages, type Uri } from "vscode"
import type { RunStore } from "./runs/runStore.ts"

/** Ticks the steps of the walkthrough that no command ends: a mistake was seen, a run succeeded. */
export function watchWalkthrough(runs: RunStore): Disposable {
  const saw = (step: string) =>
    void commands.executeCommand("setContext", `kubeExecutions.walkthrough.${step}`, true)
  const mistakes = languages.onDidChangeDiagnostics(({ uris }) => {
    if (!uris.some(hasMistake)) return
    saw("mistake")
    mistakes.dispose()
  })
  const ends = runs.onDidChangePlace(({ runs: changed }) => {
    if (!changed.some(({ phase }) => phase === "succeeded")) return
    saw("succeeded")
    ends.dispose()
  })
  return Disposable.from(mistakes, ends)
}

function hasMistake(uri: Uri): boolean {
  return languages.getDiagnostics(uri).some(({ source }) => source === "kube-executions")
}

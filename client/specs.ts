import { commands, Disposable, languages, type TextDocument, window, workspace } from "vscode"
import { detect } from "#core/spec/detect"

/** Where specs are written; the language server is asked about these and no others. */
export const specLanguages = ["yaml", "json", "jsonc"]

/** Enough of a document to tell what it is, however large it is. */
const glanceLines = 2_000

export function isSpec(document: TextDocument): boolean {
  if (!specLanguages.includes(document.languageId)) return false
  const end = document.lineAt(Math.min(document.lineCount, glanceLines) - 1).range.end
  const text = document.getText().slice(0, document.offsetAt(end))
  return detect(text, document.fileName) !== undefined
}

/** Calls `onSpec` for each document of ours, and says in `kubeExecutions.spec` if the editor has one. */
export function watchSpecs(onSpec: () => void): Disposable {
  const look = (document: TextDocument) => {
    if (languages.match(specLanguages, document) > 0 && isSpec(document)) onSpec()
  }
  const tell = () => {
    const document = window.activeTextEditor?.document
    void commands.executeCommand(
      "setContext",
      "kubeExecutions.spec",
      document !== undefined && isSpec(document),
    )
  }
  workspace.textDocuments.forEach(look)
  tell()
  return Disposable.from(
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(({ document }) => {
      // A new file becomes a spec while it is written: its first lines decide.
      if (document.lineCount <= glanceLines) look(document)
      if (document === window.activeTextEditor?.document) tell()
    }),
    window.onDidChangeActiveTextEditor(tell),
  )
}

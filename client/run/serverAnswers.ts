import { type Diagnostic, type Disposable, languages, type Uri, workspace } from "vscode"

/** What an API server said of a spec. It holds for the text it was asked about: an edit takes it away. */
export class ServerAnswers implements Disposable {
  readonly #collection = languages.createDiagnosticCollection("kubeExecutions.check")
  readonly #listener = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.#collection.delete(document.uri)
  })

  set(uri: Uri, diagnostics: readonly Diagnostic[]): void {
    this.#collection.set(uri, diagnostics)
  }

  dispose(): void {
    this.#listener.dispose()
    this.#collection.dispose()
  }
}

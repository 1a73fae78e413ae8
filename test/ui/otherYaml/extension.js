const {
  commands,
  Diagnostic,
  DiagnosticSeverity,
  DocumentSymbol,
  Hover,
  languages,
  Range,
  SymbolKind,
  workspace,
} = require("vscode")

/**
 * Does for every YAML file what an extension with a schema of Executions would: its own word on a
 * key that we know to be wrong, a hover, an outline. Nothing of it may be taken for ours.
 */
exports.activate = (context) => {
  const collection = languages.createDiagnosticCollection("other-yaml")
  const look = (document) => {
    if (document.languageId !== "yaml") return
    const found = []
    for (let line = 0; line < document.lineCount; line++) {
      const { text } = document.lineAt(line)
      const at = text.indexOf("comandSet")
      if (at < 0) continue
      const range = new Range(line, at, line, at + 9)
      const one = new Diagnostic(
        range,
        "Property comandSet is not allowed.",
        DiagnosticSeverity.Warning,
      )
      one.source = "other-yaml"
      found.push(one)
    }
    collection.set(document.uri, found)
  }
  workspace.textDocuments.forEach(look)
  context.subscriptions.push(
    collection,
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(({ document }) => look(document)),
    languages.registerHoverProvider("yaml", {
      provideHover: () => new Hover("A word of the other extension."),
    }),
    languages.registerDocumentSymbolProvider("yaml", {
      provideDocumentSymbols: () => {
        const range = new Range(0, 0, 0, 1)
        return [new DocumentSymbol("other", "", SymbolKind.Key, range, range)]
      },
    }),
    commands.registerCommand("otherYaml.isHere", () => true),
  )
}

import {
  createConnection,
  ProposedFeatures,
  TextDocumentSyncKind,
} from "vscode-languageserver/node"

// A server that does nothing but answer: what it takes, the way there and back takes.
const connection = createConnection(ProposedFeatures.all)
const publish = (uri: string) => void connection.sendDiagnostics({ uri, diagnostics: [] })

connection.onInitialize(() => ({
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    documentSymbolProvider: true,
    hoverProvider: true,
    completionProvider: {},
  },
}))
connection.onDidOpenTextDocument(({ textDocument }) => publish(textDocument.uri))
connection.onDidChangeTextDocument(({ textDocument }) => publish(textDocument.uri))
connection.onDocumentSymbol(() => [])
connection.onHover(() => null)
connection.onCompletion(() => [])
// As many places as it is asked for: what a renaming costs that needs no thought.
connection.onRequest("bench/places", ({ places }: { places: number }) => {
  const place = { line: 10_000, character: 10 }
  const edit = { range: { start: place, end: place }, newText: "some-new-name" }
  return { changes: { "file:///bench/spec.yaml": Array.from({ length: places }, () => edit) } }
})
connection.listen()

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
connection.listen()

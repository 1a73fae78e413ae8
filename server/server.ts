import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
} from "vscode-languageserver"
import { SpecFile } from "#core/spec/specFile"
import { stepGraph } from "#core/spec/stepGraph"
import { codeLenses } from "./language/codeLens.ts"
import { diagnostics } from "./language/diagnostics.ts"
import { documentSymbols } from "./language/documentSymbols.ts"
import {
  type GraphParams,
  type GraphResult,
  graphRequest,
  type InitializationOptions,
} from "./protocol.ts"

/** What the server needs of the world. */
export interface Runtime {
  /** Runs the work soon, after what is already waiting to be read. */
  readonly soon: (work: () => void) => void
}

/** Answers a client over the connection until it says goodbye. */
export function startServer(connection: Connection, _runtime: Runtime): void {
  const files = new Map<string, SpecFile>()
  let options: InitializationOptions = {}

  connection.onInitialize((params) => {
    options = readOptions(params.initializationOptions)
    return {
      serverInfo: { name: "kube-executions" },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        documentSymbolProvider: true,
        ...(options.lenses ? { codeLensProvider: {} } : {}),
      },
    }
  })

  connection.onDidOpenTextDocument(({ textDocument: { uri, text } }) => {
    files.set(uri, new SpecFile(text, uri))
    publish(uri)
  })
  connection.onDidChangeTextDocument(({ textDocument: { uri }, contentChanges }) => {
    const file = files.get(uri)
    if (!file) return
    for (const change of contentChanges) {
      if ("range" in change) file.edit(change.range.start, change.range.end, change.text)
      else file.replace(change.text)
    }
    publish(uri)
  })
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    files.delete(uri)
    send(uri, [])
  })

  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    answer("documentSymbol", uri, token, [], documentSymbols),
  )
  connection.onCodeLens(({ textDocument: { uri } }, token) =>
    answer("codeLens", uri, token, [], (file) => codeLenses(file, uri)),
  )
  connection.onRequest(graphRequest, ({ uri, index = 0 }: GraphParams, token: CancellationToken) =>
    answer<GraphResult>(graphRequest, uri, token, null, (file) => {
      const document = file.documents()[index]
      return document ? stepGraph(document.workflow) : null
    }),
  )

  /** The one guard: a bug in one answer is logged and takes no other answer down. */
  function answer<T>(
    what: string,
    uri: string,
    token: CancellationToken,
    otherwise: T,
    make: (file: SpecFile) => T,
  ): T | ResponseError<void> {
    if (token.isCancellationRequested) {
      return new ResponseError<void>(LSPErrorCodes.RequestCancelled, "Not wanted any more.")
    }
    const file = files.get(uri)
    if (!file) return otherwise
    return guard(what, otherwise, () => make(file))
  }

  function guard<T>(what: string, otherwise: T, make: () => T): T {
    try {
      return make()
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
      connection.console.error(`${what} failed: ${reason}`)
      return otherwise
    }
  }

  function publish(uri: string): void {
    const file = files.get(uri)
    if (file)
      send(
        uri,
        guard("diagnostics", [], () => diagnostics(file, uri)),
      )
  }

  function send(uri: string, found: ReturnType<typeof diagnostics>): void {
    connection
      .sendDiagnostics({ uri, diagnostics: found })
      .catch((error: unknown) => connection.console.error(`diagnostics were not sent: ${error}`))
  }

  connection.listen()
}

function readOptions(given: unknown): InitializationOptions {
  return typeof given === "object" && given !== null && "lenses" in given
    ? { lenses: given.lenses === true }
    : {}
}

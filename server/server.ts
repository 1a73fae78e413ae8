import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
} from "vscode-languageserver"
import { stepGraph } from "#core/spec/stepGraph"
import { codeLenses } from "./language/codeLens.ts"
import { definition } from "./language/definition.ts"
import { diagnostics } from "./language/diagnostics.ts"
import { documentSymbols } from "./language/documentSymbols.ts"
import { hover } from "./language/hover.ts"
import { picture } from "./language/picture.ts"
import { OpenFile } from "./openFile.ts"
import {
  type GraphParams,
  type GraphResult,
  graphRequest,
  type InitializationOptions,
  type PictureResult,
  pictureRequest,
} from "./protocol.ts"

/** What the server needs of the world. */
export interface Runtime {
  /** Runs the work soon, after what is already waiting to be read. */
  readonly soon: (work: () => void) => void
  /** Milliseconds that only ever grow. */
  readonly now: () => number
}

/** Answers a client over the connection until it says goodbye. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const files = new Map<string, OpenFile>()
  let options: InitializationOptions = {}

  connection.onInitialize((params) => {
    options = readOptions(params.initializationOptions)
    return {
      serverInfo: { name: "kube-executions" },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        documentSymbolProvider: true,
        definitionProvider: true,
        hoverProvider: true,
        ...(options.lenses ? { codeLensProvider: {} } : {}),
      },
    }
  })

  connection.onDidOpenTextDocument(({ textDocument: { uri, text, version } }) => {
    guard("open", undefined, () => {
      files.get(uri)?.close()
      const file = new OpenFile(text, uri, version, {
        runtime,
        guard: (what, work) => guard(what, undefined, work),
        onRead: () => publish(uri),
      })
      files.set(uri, file)
      file.read()
    })
  })
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    guard("change", undefined, () => files.get(uri)?.change(contentChanges, version))
  })
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    files.get(uri)?.close()
    files.delete(uri)
    void connection.sendDiagnostics({ uri, diagnostics: [] })
  })

  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    answer("documentSymbol", uri, token, [], ({ spec }) => documentSymbols(spec)),
  )
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    answer("definition", uri, token, [], ({ spec }) => definition(spec, uri, position)),
  )
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    answer("hover", uri, token, null, ({ spec }) => hover(spec, position)),
  )
  connection.onCodeLens(({ textDocument: { uri } }, token) =>
    answer("codeLens", uri, token, [], ({ spec }) => codeLenses(spec, uri)),
  )
  connection.onRequest<GraphResult, void>(
    graphRequest,
    ({ uri, index = 0 }: GraphParams, token: CancellationToken) =>
      answer(graphRequest, uri, token, null, ({ spec }) => {
        const document = spec.documents()[index]
        return document ? stepGraph(document.workflow) : null
      }),
  )
  connection.onRequest<PictureResult, void>(
    pictureRequest,
    ({ uri, index = 0 }: GraphParams, token: CancellationToken) =>
      answer(pictureRequest, uri, token, null, ({ spec }) => picture(spec, index)),
  )

  /** Answers when the file is read. A bug in one answer takes no other down. */
  async function answer<T>(
    what: string,
    uri: string,
    token: CancellationToken,
    otherwise: T,
    make: (file: OpenFile) => T,
  ): Promise<T | ResponseError<void>> {
    await files.get(uri)?.whenRead()
    if (token.isCancellationRequested) {
      return new ResponseError<void>(LSPErrorCodes.RequestCancelled, "Not wanted any more.")
    }
    const file = files.get(uri)
    return file ? guard(what, otherwise, () => make(file)) : otherwise
  }

  /** The one place where bugs are caught: logged, and answered with what does no harm. */
  function guard<T>(what: string, otherwise: T, work: () => T): T {
    try {
      return work()
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
      connection.console.error(`${what} failed: ${reason}`)
      return otherwise
    }
  }

  function publish(uri: string): void {
    const file = files.get(uri)
    if (!file) return
    const found = guard("diagnostics", [], () => diagnostics(file.spec, uri))
    void connection.sendDiagnostics({ uri, version: file.version, diagnostics: found })
  }

  connection.listen()
}

function readOptions(given: unknown): InitializationOptions {
  return typeof given === "object" && given !== null && "lenses" in given
    ? { lenses: given.lenses === true }
    : {}
}

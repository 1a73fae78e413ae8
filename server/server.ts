import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
} from "vscode-languageserver"
import { writeYaml } from "#core/spec/convertText"
import { executionCrd } from "#core/spec/executionCrd"
import { stepGraph } from "#core/spec/stepGraph"
import { noNames, readClusterNames } from "./clusterNames.ts"
import { causes } from "./language/causes.ts"
import { codeLenses } from "./language/codeLens.ts"
import { completion } from "./language/completion.ts"
import { definition } from "./language/definition.ts"
import { diagnostics } from "./language/diagnostics.ts"
import { documentSymbols } from "./language/documentSymbols.ts"
import { hover } from "./language/hover.ts"
import { inlayHints } from "./language/inlayHint.ts"
import { inputs } from "./language/inputs.ts"
import { planDocument } from "./language/plan.ts"
import { signatureHelp } from "./language/signatureHelp.ts"
import { specPicture } from "./language/specPicture.ts"
import { toolImages } from "./language/toolImages.ts"
import { OpenFile } from "./openFile.ts"
import {
  type CausesParams,
  type CausesResult,
  causesRequest,
  clusterNamesNotification,
  definitionRequest,
  type GraphParams,
  type GraphResult,
  graphRequest,
  type InitializationOptions,
  type InputsParams,
  type InputsResult,
  inputsRequest,
  type PlanParams,
  type PlanResult,
  planRequest,
  type SpecParams,
  type SpecResult,
  specRequest,
  type ToolsParams,
  type ToolsResult,
  toolsRequest,
} from "./protocol.ts"

/** What the server needs of the world. */
export interface Runtime {
  /** Runs the work soon, after what is already waiting to be read. */
  readonly soon: (work: () => void) => void
  /** Milliseconds that only ever grow. */
  readonly now: () => number
  /** The tools that a gcs file may name, as `name:version`. */
  readonly toolsFor: (uri: string) => Promise<readonly string[]>
}

/** Answers a client over the connection until it says goodbye. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const files = new Map<string, OpenFile>()
  let options: InitializationOptions = {}
  let snippets = false
  let cluster = noNames
  const tools = new Map<string, readonly string[]>()

  connection.onInitialize((params) => {
    options = readOptions(params.initializationOptions)
    const { completion } = params.capabilities.textDocument ?? {}
    snippets = completion?.completionItem?.snippetSupport === true
    return {
      serverInfo: { name: "kube-executions" },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        documentSymbolProvider: true,
        definitionProvider: true,
        hoverProvider: true,
        completionProvider: { triggerCharacters: [" ", '"', "$", "{", "("] },
        signatureHelpProvider: { triggerCharacters: ["(", ","] },
        inlayHintProvider: true,
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
      void runtime.toolsFor(uri).then(
        (known) => tools.set(uri, known),
        () => undefined,
      )
    })
  })
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    guard("change", undefined, () => files.get(uri)?.change(contentChanges, version))
  })
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    files.get(uri)?.close()
    files.delete(uri)
    tools.delete(uri)
    void connection.sendDiagnostics({ uri, diagnostics: [] })
  })

  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    answer("documentSymbol", uri, token, [], ({ spec }) => documentSymbols(spec)),
  )
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    answer("definition", uri, token, [], ({ spec }) => definition(spec, uri, position)),
  )
  connection.onNotification(clusterNamesNotification, (given: unknown) => {
    cluster = readClusterNames(given)
  })
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    answer("completion", uri, token, null, ({ spec }) => {
      const world = { path: uri, cluster, tools: tools.get(uri) ?? [] }
      return completion(spec, position, world, { snippets })
    }),
  )
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    answer("hover", uri, token, null, ({ spec }) => hover(spec, position)),
  )
  connection.onSignatureHelp(({ textDocument: { uri }, position }, token) =>
    answer("signatureHelp", uri, token, null, ({ spec }) => signatureHelp(spec, position)),
  )
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    answer("inlayHint", uri, token, [], ({ spec }) => inlayHints(spec, range)),
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
  connection.onRequest<SpecResult, void>(
    specRequest,
    ({ uri }: SpecParams, token: CancellationToken) =>
      answer(specRequest, uri, token, null, ({ spec, version }) => {
        return { version, workflows: specPicture(spec) }
      }),
  )
  connection.onRequest<CausesResult, void>(
    causesRequest,
    ({ uri, index, wanted }: CausesParams, token: CancellationToken) =>
      answer(causesRequest, uri, token, [], ({ spec }) => causes(spec, index, wanted)),
  )
  connection.onRequest<InputsResult, void>(
    inputsRequest,
    (params: InputsParams, token: CancellationToken) =>
      answer(inputsRequest, params.uri, token, [], ({ spec }) =>
        inputs(spec.documents()[params.index], params),
      ),
  )
  connection.onRequest<PlanResult, void>(
    planRequest,
    (params: PlanParams, token: CancellationToken) =>
      answer(planRequest, params.uri, token, null, ({ spec }) =>
        planDocument(spec.documents()[params.index], params),
      ),
  )
  connection.onRequest<string, void>(definitionRequest, () => writeYaml(executionCrd()))
  connection.onRequest<ToolsResult, void>(toolsRequest, ({ files }: ToolsParams) =>
    guard(toolsRequest, { tools: {}, faults: [] }, () => toolImages(files)),
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

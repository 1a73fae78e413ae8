import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  type WorkspaceEdit,
} from "vscode-languageserver"
import { writeYaml } from "#core/spec/convertText"
import { executionCrd } from "#core/spec/executionCrd"
import { stepGraph } from "#core/spec/stepGraph"
import { noNames, readClusterNames } from "./clusterNames.ts"
import { Formatters, formattingCapabilities } from "./formatters.ts"
import { causes } from "./language/causes.ts"
import { codeActions, fixAllKind, resolved } from "./language/codeActions.ts"
import { codeLenses } from "./language/codeLens.ts"
import { completion } from "./language/completion.ts"
import { definition } from "./language/definition.ts"
import { diagnostics } from "./language/diagnostics.ts"
import { documentHighlights } from "./language/documentHighlight.ts"
import { documentLinks, type ToolPlaces } from "./language/documentLinks.ts"
import { documentSymbols } from "./language/documentSymbols.ts"
import { foldingRanges } from "./language/foldingRanges.ts"
import { formatting, onTypeFormatting, rangeFormatting } from "./language/formatting.ts"
import { hover } from "./language/hover.ts"
import { inlayHints } from "./language/inlayHint.ts"
import { inputs } from "./language/inputs.ts"
import { linkedEditing } from "./language/linkedEditing.ts"
import { picture } from "./language/picture.ts"
import { planDocument } from "./language/plan.ts"
import { references } from "./language/references.ts"
import { prepareRename, renameAt } from "./language/rename.ts"
import { selectionRanges } from "./language/selectionRanges.ts"
import { signatureHelp } from "./language/signatureHelp.ts"
import { specPicture } from "./language/specPicture.ts"
import { toolImages } from "./language/toolImages.ts"
import { workspaceSymbols } from "./language/workspaceSymbols.ts"
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
  type PictureResult,
  type PlanParams,
  type PlanResult,
  pictureRequest,
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
  /** The tools that a gcs file may name, as `name:version`, and where each is written. */
  readonly toolsFor: (uri: string) => Promise<ToolPlaces>
}

/** Answers a client over the connection until it says goodbye. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const files = new Map<string, OpenFile>()
  let options: InitializationOptions = {}
  const formatters = new Formatters(connection)
  let snippets = false
  let renamesFiles = false
  let cluster = noNames
  const tools = new Map<string, ToolPlaces>()

  connection.onInitialize((params) => {
    options = readOptions(params.initializationOptions)
    formatters.ask(params.capabilities)
    const { documentChanges, resourceOperations } =
      params.capabilities.workspace?.workspaceEdit ?? {}
    renamesFiles = documentChanges === true && resourceOperations?.includes("rename") === true
    const { completion } = params.capabilities.textDocument ?? {}
    snippets = completion?.completionItem?.snippetSupport === true
    return {
      serverInfo: { name: "kube-executions" },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        documentSymbolProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        documentHighlightProvider: true,
        linkedEditingRangeProvider: true,
        renameProvider: { prepareProvider: true },
        workspaceSymbolProvider: true,
        foldingRangeProvider: true,
        selectionRangeProvider: true,
        documentLinkProvider: {},
        codeActionProvider: {
          codeActionKinds: ["quickfix", "refactor.rewrite", "refactor.extract", fixAllKind],
          resolveProvider: true,
        },
        ...(formatters.isDynamic ? {} : formattingCapabilities),
        hoverProvider: true,
        completionProvider: { triggerCharacters: [" ", '"', "$", "{", "("] },
        signatureHelpProvider: { triggerCharacters: ["(", ","] },
        inlayHintProvider: true,
        ...(options.lenses ? { codeLensProvider: {} } : {}),
      },
    }
  })

  connection.onDidOpenTextDocument(({ textDocument: { uri, text, version, languageId } }) => {
    guard("open", undefined, () => {
      files.get(uri)?.close()
      const file = new OpenFile(text, uri, version, {
        runtime,
        guard: (what, work) => guard(what, undefined, work),
        onRead: () => publish(uri),
      })
      files.set(uri, file)
      formatters.note(uri, languageId)
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
    formatters.forget(uri)
    tools.delete(uri)
    void connection.sendDiagnostics({ uri, diagnostics: [] })
  })

  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    answer("documentSymbol", uri, token, [], ({ spec }) => documentSymbols(spec)),
  )
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    answer("definition", uri, token, [], ({ spec }) =>
      definition(spec, uri, position, tools.get(uri)),
    ),
  )
  connection.onReferences(({ textDocument: { uri }, position, context }, token) =>
    answer("references", uri, token, [], ({ spec }) =>
      references(spec, uri, position, context.includeDeclaration),
    ),
  )
  connection.onDocumentHighlight(({ textDocument: { uri }, position }, token) =>
    answer("documentHighlight", uri, token, [], ({ spec }) => documentHighlights(spec, position)),
  )
  connection.languages.onLinkedEditingRange(({ textDocument: { uri }, position }, token) =>
    answer("linkedEditingRange", uri, token, null, ({ spec }) => linkedEditing(spec, position)),
  )
  connection.onPrepareRename(({ textDocument: { uri }, position }, token) =>
    answer("prepareRename", uri, token, null, ({ spec }) => prepareRename(spec, position)),
  )
  connection.onRenameRequest(({ textDocument: { uri }, position, newName }, token) =>
    answer<WorkspaceEdit | ResponseError<void> | null>("rename", uri, token, null, ({ spec }) => {
      const made = renameAt(spec, uri, position, newName)
      if (made === null || !("refused" in made)) return made
      return new ResponseError(LSPErrorCodes.RequestFailed, made.refused)
    }),
  )
  connection.onWorkspaceSymbol(({ query }) =>
    guard("workspaceSymbol", [], () =>
      workspaceSymbols(
        [...files].map(([uri, { spec }]) => [uri, spec] as const),
        query,
      ),
    ),
  )
  connection.onDocumentLinks(({ textDocument: { uri } }, token) =>
    answer("documentLink", uri, token, [], ({ spec }) => documentLinks(spec, tools.get(uri))),
  )
  connection.onFoldingRanges(({ textDocument: { uri } }, token) =>
    answer("foldingRange", uri, token, [], ({ spec }) => foldingRanges(spec)),
  )
  connection.onSelectionRanges(({ textDocument: { uri }, positions }, token) =>
    answer("selectionRange", uri, token, [], ({ spec }) => selectionRanges(spec, positions)),
  )
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    answer("codeAction", uri, token, [], ({ spec }) =>
      codeActions(spec, uri, range, context, renamesFiles),
    ),
  )
  connection.onCodeActionResolve((action) => {
    const uri: unknown = action.data?.uri
    const file = typeof uri === "string" ? files.get(uri)?.spec : undefined
    return guard("codeActionResolve", action, () => resolved(action, file))
  })
  connection.onDocumentFormatting(({ textDocument: { uri } }, token) =>
    answer("formatting", uri, token, [], ({ spec }) => formatting(spec)),
  )
  connection.onDocumentRangeFormatting(({ textDocument: { uri }, range }, token) =>
    answer("rangeFormatting", uri, token, [], ({ spec }) => rangeFormatting(spec, range)),
  )
  connection.onDocumentOnTypeFormatting(({ textDocument: { uri }, position, ch }, token) =>
    answer("onTypeFormatting", uri, token, [], ({ spec }) => onTypeFormatting(spec, position, ch)),
  )
  connection.onNotification(clusterNamesNotification, (given: unknown) => {
    cluster = readClusterNames(given)
  })
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    answer("completion", uri, token, null, ({ spec }) => {
      const world = { path: uri, cluster, tools: [...(tools.get(uri)?.keys() ?? [])] }
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
  connection.onRequest<ToolsResult, void>(toolsRequest, async ({ files, uri }: ToolsParams) => {
    const there = await runtime.toolsFor(uri).catch((): ToolPlaces => new Map())
    const near = Object.fromEntries([...there].map(([name, { image }]) => [name, image]))
    const none = { tools: {}, faults: [] }
    return { ...guard(toolsRequest, none, () => toolImages(files)), near }
  })
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
    guard("formatters", undefined, () => formatters.tell(uri, file))
  }

  connection.listen()
}

function readOptions(given: unknown): InitializationOptions {
  return typeof given === "object" && given !== null && "lenses" in given
    ? { lenses: given.lenses === true }
    : {}
}

import { type Disposable, workspace } from "vscode"
import type { LanguageClient } from "vscode-languageclient/node"
import type { InitializationOptions } from "#server/protocol"
import { specLanguages } from "./specs.ts"

/** The language server's process, started with the first document of ours. */
export class LanguageServer implements Disposable {
  readonly #program: string
  #client: Promise<LanguageClient> | undefined

  constructor(program: string) {
    this.#program = program
  }

  start(): void {
    this.#client ??= startClient(this.#program)
  }

  /** Asks one of our own questions; those of server/protocol.ts. */
  async request<Result>(method: string, params: unknown): Promise<Result> {
    this.start()
    const client = await this.#client
    if (!client) throw new Error("The language server does not run.")
    return client.sendRequest<Result>(method, params)
  }

  /** Tells one of our own notifications. */
  async tell(method: string, params: unknown): Promise<void> {
    this.start()
    await (await this.#client)?.sendNotification(method, params)
  }

  async dispose(): Promise<void> {
    const client = await this.#client
    await client?.dispose()
  }
}

async function startClient(module: string): Promise<LanguageClient> {
  // Loaded on first need: it is most of what the extension weighs.
  const { LanguageClient, TransportKind } = await import("./languageClient.ts")
  const initializationOptions: InitializationOptions = { lenses: true }
  const client = new LanguageClient(
    "kubeExecutions",
    "Kube Executions Language Server",
    { module, transport: TransportKind.ipc },
    {
      documentSelector: specLanguages.map((language) => ({ language })),
      initializationOptions,
      middleware: {
        provideCodeLenses: (document, token, next) =>
          workspace.getConfiguration("kubeExecutions", document).get("editor.lens") === false
            ? []
            : next(document, token),
      },
    },
  )
  await client.start()
  return client
}

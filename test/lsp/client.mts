import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node"
import type { Diagnostic } from "vscode-languageserver-types"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A language server over real stdio and what it has published. */
export interface Client {
  readonly connection: MessageConnection
  readonly process: ChildProcess
  readonly capabilities: Readonly<Record<string, unknown>>
  open(uri: string, text: string): void
  change(uri: string, changes: readonly Change[]): void
  /** The next diagnostics of the file that satisfy the condition, those already published included. */
  diagnostics(
    uri: string,
    satisfies?: (found: readonly Diagnostic[]) => boolean,
  ): Promise<readonly Diagnostic[]>
  close(): Promise<number | null>
}

export interface Change {
  readonly range?: {
    readonly start: { line: number; character: number }
    readonly end: { line: number; character: number }
  }
  readonly text: string
}

export async function startClient(
  initializationOptions: unknown = {},
  clientCapabilities: object = {},
): Promise<Client> {
  const child = spawn(process.execPath, [await serverFile(), "--stdio"], { stdio: "pipe" })
  child.stderr.pipe(process.stderr)
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve))
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  const published = new Map<string, readonly Diagnostic[]>()
  const waiting = new Set<() => void>()
  connection.onNotification(
    "textDocument/publishDiagnostics",
    (params: { uri: string; diagnostics: Diagnostic[] }) => {
      published.set(params.uri, params.diagnostics)
      for (const look of [...waiting]) look()
    },
  )
  connection.listen()
  const { capabilities } = await connection.sendRequest<{
    capabilities: Record<string, unknown>
  }>("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: clientCapabilities,
    initializationOptions,
  })
  await connection.sendNotification("initialized", {})

  const versions = new Map<string, number>()
  const notify = (method: string, params: unknown) =>
    void connection.sendNotification(method, params)
  return {
    connection,
    process: child,
    capabilities,
    open: (uri, text) => {
      versions.set(uri, 1)
      notify("textDocument/didOpen", {
        textDocument: { uri, languageId: "yaml", version: 1, text },
      })
    },
    change: (uri, contentChanges) => {
      const version = (versions.get(uri) ?? 1) + 1
      versions.set(uri, version)
      published.delete(uri)
      notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges })
    },
    diagnostics: (uri, satisfies = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = published.get(uri)
          if (!found || !satisfies(found)) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    close: async () => {
      await connection.sendRequest("shutdown")
      await connection.sendNotification("exit")
      return exited
    },
  }
}

let bundled: Promise<string> | undefined

/** The built server; a folder of the system's, bundled here, when nothing was built yet. */
function serverFile(): Promise<string> {
  const built = join(root, "dist/server.js")
  bundled ??= existsSync(built) ? Promise.resolve(built) : bundle()
  return bundled
}

async function bundle(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "kube-executions-")), "server.js")
  await build({
    entryPoints: [join(root, "server/nodeMain.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    outfile,
    logLevel: "warning",
  })
  return outfile
}

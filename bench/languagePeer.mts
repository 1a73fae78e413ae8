import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node"

/** A language server over stdio. */
export interface Peer {
  readonly name: string
  /** Milliseconds it waits on purpose before it looks at a text; left out of its figures. */
  readonly debounce: number
  readonly arguments: readonly string[]
}

export interface Range {
  readonly start: { readonly line: number; readonly character: number }
  readonly end: { readonly line: number; readonly character: number }
}

const root = fileURLToPath(new URL("..", import.meta.url))

/** Ours, yaml-language-server with the same schema, and a server that only says that it heard. */
export async function peers(): Promise<{ ours: Peer; yaml: Peer; echo: Peer }> {
  return {
    ours: { name: "ours", debounce: 0, arguments: [await ourServer(), "--stdio"] },
    yaml: { name: "yaml-language-server", debounce: 200, arguments: [yamlServer(), "--stdio"] },
    echo: {
      name: "echo",
      debounce: 0,
      arguments: [fileURLToPath(new URL("languageEcho.mts", import.meta.url)), "--stdio"],
    },
  }
}

async function ourServer(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "kube-executions-bench-")), "server.js")
  await build({
    entryPoints: [join(root, "server/nodeMain.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    outfile,
  })
  return outfile
}

const version = "2.0.0"

/** Installed once, in a cache outside the repository. */
function yamlServer(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache")
  const folder = join(cache, "kube-executions", "bench-language")
  const main = join(folder, "node_modules", "yaml-language-server", "bin", "yaml-language-server")
  if (!existsSync(main)) {
    mkdirSync(folder, { recursive: true })
    const what = ["--no-save", "--no-audit", "--no-fund", `yaml-language-server@${version}`]
    execFileSync("npm", ["install", "--prefix", folder, ...what], {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    })
  }
  return main
}

/** A running server with one file open. */
export class Session {
  readonly #peer: Peer
  readonly #process: ChildProcess
  readonly #connection: MessageConnection
  readonly #uri = "file:///bench/spec.yaml"
  #version = 1
  #onDiagnostics: (() => void) | undefined

  private constructor(peer: Peer, child: ChildProcess, connection: MessageConnection) {
    this.#peer = peer
    this.#process = child
    this.#connection = connection
  }

  static async start(peer: Peer): Promise<Session> {
    const child = spawn(process.execPath, [...peer.arguments], {
      stdio: ["pipe", "pipe", "inherit"],
    })
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    )
    const session = new Session(peer, child, connection)
    connection.onNotification("textDocument/publishDiagnostics", () => session.#onDiagnostics?.())
    connection.onRequest(
      "workspace/configuration",
      ({ items }: { items: { section?: string }[] }) =>
        items.map(({ section }) => (section === "yaml" ? yamlSettings : null)),
    )
    connection.onRequest("client/registerCapability", () => null)
    connection.listen()
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
        textDocument: {
          hover: {},
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
          synchronization: {},
        },
      },
    })
    await connection.sendNotification("initialized", {})
    const settings = { yaml: yamlSettings }
    await connection.sendNotification("workspace/didChangeConfiguration", { settings })
    // It answers nothing to this; a request tells when it has taken the settings in.
    await session.request("textDocument/documentSymbol").catch(() => undefined)
    return session
  }

  /** From the text's departure to the diagnostics' arrival, in milliseconds. */
  async open(text: string): Promise<number> {
    return this.#untilDiagnostics("textDocument/didOpen", {
      textDocument: { uri: this.#uri, languageId: "yaml", version: this.#version, text },
    })
  }

  async change(range: Range, text: string): Promise<number> {
    return this.#untilDiagnostics("textDocument/didChange", {
      textDocument: { uri: this.#uri, version: ++this.#version },
      contentChanges: [{ range, text }],
    })
  }

  async request(method: string, position?: Range["start"]): Promise<number> {
    return (await this.ask(method, { position })).took
  }

  /** The answer to a question about the file, and the milliseconds it took. */
  async ask(method: string, more: object): Promise<{ took: number; answer: unknown }> {
    const started = performance.now()
    const params = { textDocument: { uri: this.#uri }, ...more }
    const answer = await this.#connection.sendRequest(method, params)
    return { took: performance.now() - started, answer }
  }

  async #untilDiagnostics(method: string, params: unknown): Promise<number> {
    const arrived = new Promise<void>((resolve) => {
      this.#onDiagnostics = resolve
    })
    const started = performance.now()
    await this.#connection.sendNotification(method, params)
    await arrived
    return performance.now() - started - this.#peer.debounce
  }

  /** The most memory the process ever had, in MiB; undefined where the system does not tell. */
  peakMemory(): number | undefined {
    const status = `/proc/${this.#process.pid}/status`
    if (!existsSync(status)) return undefined
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(status, "utf8"))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve))
    this.#connection.dispose()
    this.#process.kill()
    await ended
  }
}

const yamlSettings = {
  schemas: { [pathToFileURL(join(root, "schemas/execution.schema.json")).href]: ["*.yaml"] },
  validate: true,
  hover: true,
  schemaStore: { enable: false },
  maxItemsComputed: 100_000,
}

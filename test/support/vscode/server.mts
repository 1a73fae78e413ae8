import type { ChildProcess } from "node:child_process"
import { createWriteStream, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Run } from "../run.mts"

export interface EditorFolders {
  /** Where VS Code's server is installed. */
  readonly server: string
  /** Its own data, logs among them. */
  readonly data: string
  readonly userData: string
  readonly extensions: string
}

export interface ServerOptions extends EditorFolders {
  readonly logFile: string
  readonly port?: number
  readonly args?: readonly string[]
  /** For Node itself; the extension host is started with them too. */
  readonly nodeArgs?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface EditorServer {
  readonly port: number
  /** Settles when the server is gone, with a sentence that says how. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

/** The part of the command line that says where things are, for the server and its other verbs. */
export function serverFolders(options: EditorFolders): readonly string[] {
  return [
    join(options.server, "out/server-main.js"),
    "--accept-server-license-terms",
    "--telemetry-level=off",
    `--server-data-dir=${options.data}`,
    `--user-data-dir=${options.userData}`,
    `--extensions-dir=${options.extensions}`,
  ]
}

export function serverEnvironment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  // An empty gallery: the server would look up a public one at every start.
  const all = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...env }
  const stray = ["ELECTRON_RUN_AS_NODE", "NODE_OPTIONS", "NODE_TEST_CONTEXT", "VSCODE_IPC_HOOK_CLI"]
  return Object.fromEntries(Object.entries(all).filter(([name]) => !stray.includes(name)))
}

/**
 * VS Code's server on loopback, ready for a browser. The Node we run in runs it, and so becomes the
 * Node of the extension host and of the processes that the extension starts.
 */
export async function startServer(run: Run, options: ServerOptions): Promise<EditorServer> {
  const args = [
    ...(options.nodeArgs ?? []),
    ...serverFolders(options),
    "--without-connection-token",
    "--disable-experiments",
    "--host=127.0.0.1",
    `--port=${options.port ?? 0}`,
    "--log=warn",
    ...(options.args ?? []),
  ]
  const child = run.start(process.execPath, args, {
    env: serverEnvironment(options.env),
    stdio: ["ignore", "pipe", "pipe"],
  })
  const log = createWriteStream(options.logFile)
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`VS Code's server did not start: ${error.message}`))
    child.once("exit", (code, signal) =>
      resolve(`VS Code's server ended (${signal ?? `code ${code}`}); its log: ${options.logFile}`),
    )
  })
  child.stderr?.pipe(log, { end: false })
  const port = await Promise.race([
    portOf(child, (text) => log.write(text)),
    ended.then((how) => {
      throw new Error(`${how}\n${tail(options.logFile)}`)
    }),
  ])
  return { port, ended, stop: () => run.stop(child) }
}

function portOf(child: ChildProcess, log: (text: string) => void): Promise<number> {
  let seen = ""
  return new Promise((resolve) => {
    child.stdout?.on("data", (data) => {
      log(String(data))
      seen += data
      const port = /Extension host agent listening on (\d+)/.exec(seen)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  })
}

export function tail(file: string, lines = 25): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n")
  } catch {
    return ""
  }
}

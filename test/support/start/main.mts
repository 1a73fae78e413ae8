// npm start -- [--browser] [--no-open] [--port N] [--folder DIR]
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { cpSync, mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { cacheFolder, root } from "../folders.mts"
import { openRun, type Run, sweep } from "../run.mts"
import { installServer } from "../vscode/install.mts"
import { startServer } from "../vscode/server.mts"
import { writeSettings } from "../vscode/settings.mts"
import { type Desktop, desktopCommand } from "./desktop.mts"
import { linkExtension } from "./linkExtension.mts"
import { openAddress } from "./openAddress.mts"

const usage = `npm start                  builds the extension and opens VS Code with it and a demo workspace
npm start -- --browser     the workbench in the browser, though there is a desktop VS Code
npm start -- --no-open     prints the workbench's address and opens no browser
npm start -- --port N      the workbench's port (8137, or a free one where that is taken)
npm start -- --folder DIR  where the demo workspace and the editor's state are kept`

const options = readArguments()
const folder = resolve(options.folder ?? join(cacheFolder, "start", keyOf(root)))
const workspace = join(folder, "demo")
const userData = join(folder, "user")
const extensions = join(folder, "extensions")

await sweep()
// The engine that the extension starts goes on without us: closing a window stops no run.
const run = openRun({ takesDetached: false })
let stopping = false
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    void run.close().finally(() => process.exit(0))
  })
}

try {
  await build(run)
  mkdirSync(folder, { recursive: true })
  // What the person changed in the demo stays.
  cpSync(join(root, "test/fixtures/demo"), workspace, { recursive: true, force: false })
  writeSettings(userData)
  const desktop = options.browser ? undefined : await desktopCommand(say)
  if (desktop !== undefined) await openDesktop(desktop)
  else await openInBrowser()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
} finally {
  await run.close()
}
process.exit()

async function build(run: Run): Promise<void> {
  const child = run.start(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" })
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error("The build failed; what is wrong is above.")
}

async function openDesktop({ command, args, what }: Desktop): Promise<void> {
  say(`opening ${what} with the demo workspace ${workspace}; Ctrl+C or closing the window ends`)
  const all = [...args, `--extensionDevelopmentPath=${root}`, "--new-window", "--wait", workspace]
  const [code] = await once(spawn(command, all, { stdio: "inherit" }), "exit")
  if (code !== 0) throw new Error(`${what} ended with code ${code}.`)
}

async function openInBrowser(): Promise<void> {
  const server = await installServer(say)
  await linkExtension(extensions, root)
  const started = {
    server,
    data: join(folder, "server"),
    userData,
    extensions,
    logFile: join(folder, "server.log"),
    args: ["--disable-workspace-trust"],
  }
  // The same port each time, so the browser finds its state again.
  const wanted = options.port ?? 8137
  const { port, ended } = await startServer(run, { ...started, port: wanted }).catch((error) => {
    if (options.port !== undefined) throw error
    return startServer(run, { ...started, port: 0 })
  })
  const address = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`
  say(`the workbench with the demo workspace is at\n\n  ${address}\n\nCtrl+C ends it.`)
  if (options.open) openAddress(address)
  const how = await ended
  if (!stopping) throw new Error(how)
}

function readArguments() {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: {
        browser: { type: "boolean", default: false },
        open: { type: "boolean", default: true },
        port: { type: "string" },
        folder: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    })
    if (values.help) {
      console.log(usage)
      process.exit(0)
    }
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)) {
      throw new Error(`"${values.port}" is not a port.`)
    }
    return { ...values, port }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

function keyOf(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 12)
}

function say(line: string): void {
  console.log(`npm start: ${line}`)
}

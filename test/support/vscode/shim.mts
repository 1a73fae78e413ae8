// Takes the command line of desktop `code` as @vscode/test-electron writes it and carries it out
// with VS Code's own server and a headless Chromium: the same workbench, and a real extension host.
import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import type { Page } from "playwright-core"
import { logsFolder, screenshotsFolder } from "../folders.mts"
import { isMissing } from "../missing.mts"
import { record } from "../record.mts"
import { openRun } from "../run.mts"
import { openBrowser } from "./browser.mts"
import { provideChromium } from "./chromium.mts"
import { type CommandLine, optionOf, parseCommandLine, queryOf } from "./commandLine.mts"
import { giveDevelopmentOptions } from "./developmentOptions.mts"
import { installServer } from "./install.mts"
import { listenToTests } from "./listenToTests.mts"
import {
  type EditorServer,
  serverEnvironment,
  serverFolders,
  startServer,
  tail,
} from "./server.mts"
import { writeSettings } from "./settings.mts"
import { vscodeVersion } from "./versions.mts"

const line = parseCommandLine(process.argv.slice(2))
const say = (text: string) => process.stderr.write(`[vscode] ${text}\n`)
const timeoutMs = Number(process.env.KUBE_EXECUTIONS_TIMEOUT_MS ?? 300_000)

const run = openRun()
mkdirSync(logsFolder, { recursive: true })
const serverLog = join(logsFolder, "vscode-server.log")
const outcomeFile = join(run.folder, "outcome.json")
const runInHost = fileURLToPath(new URL("runInHost.cjs", import.meta.url))

process.exitCode = await carryOut().catch((error) => {
  const text = error instanceof Error ? error.message : String(error)
  record({ kind: "reason", text })
  say(text)
  return 1
})
await run.close()
process.exit()

async function carryOut(): Promise<number> {
  if (line.options.has("version")) {
    console.log(`${vscodeVersion}\n${process.arch}`)
    return 0
  }
  const folders = {
    server: await installServer(say),
    data: join(run.folder, "server"),
    userData: resolve(optionOf(line, "user-data-dir") ?? join(run.folder, "user")),
    extensions: resolve(optionOf(line, "extensions-dir") ?? join(run.folder, "extensions")),
  }
  const verbs = extensionVerbs(line)
  if (verbs.length > 0) {
    const args = [...serverFolders(folders), ...verbs]
    return (
      spawnSync(process.execPath, args, { stdio: "inherit", env: serverEnvironment() }).status ?? 1
    )
  }
  const chromium = await provideChromium(say)
  if (isMissing(chromium)) throw new Error(`There is no ${chromium.missing}: ${chromium.how}.`)

  writeSettings(folders.userData)
  const tests = optionOf(line, "extensionTestsPath")
  const server = await startServer(run, {
    ...folders,
    logFile: serverLog,
    args: ["disable-workspace-trust", "locale", "enable-proposed-api"].flatMap((name) => {
      const value = line.options.get(name)
      return value === undefined ? [] : [value === true ? `--${name}` : `--${name}=${value}`]
    }),
    env:
      tests === undefined
        ? {}
        : { KUBE_EXECUTIONS_SUITE: resolve(tests), KUBE_EXECUTIONS_OUTCOME: outcomeFile },
  })
  try {
    return await inWorkbench(server, chromium, tests !== undefined)
  } finally {
    await server.stop()
  }
}

function extensionVerbs({ options }: CommandLine): readonly string[] {
  const verbs = ["install-extension", "uninstall-extension", "list-extensions"]
  if (!verbs.some((verb) => options.has(verb))) return []
  return [...verbs, "show-versions", "force"].flatMap((name) => {
    const value = options.get(name)
    return value === undefined ? [] : value === true ? [`--${name}`] : [`--${name}`, value]
  })
}

async function inWorkbench(
  { port, ended }: EditorServer,
  chromium: string,
  hasTests: boolean,
): Promise<number> {
  const browser = await openBrowser(chromium)
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  await giveDevelopmentOptions(context, {
    port,
    extensions: line.extensions,
    ...(hasTests ? { tests: runInHost } : {}),
  })
  const page = await context.newPage()
  const tests = await listenToTests(page, join(logsFolder, "vscode-workbench.log"))
  const code = Promise.race([
    tests.ended.then(believed),
    failure(ended),
    failure(new Promise((done) => page.once("crash", () => done("the workbench's page crashed")))),
    failure(new Promise((done) => browser.once("disconnected", () => done("the browser ended")))),
    failure(
      new Promise((done) =>
        setTimeout(
          () => done(`no result within ${timeoutMs / 1000} s; ${hung()}`),
          timeoutMs,
        ).unref(),
      ),
    ),
    stopSignal(),
  ])
  // Whichever comes first is awaited below; a page that never loads must not make it unheard.
  code.catch(() => {})
  try {
    page.on("dialog", (dialog) => void dialog.accept().catch(() => {}))
    await page.goto(`http://127.0.0.1:${port}/?${queryOf(line, `127.0.0.1:${port}`)}`)
    if (!hasTests) await page.waitForSelector(".monaco-workbench")
    const result = hasTests ? await code : 0
    if (result !== 0) await photograph(page)
    return result
  } catch (error) {
    await photograph(page)
    throw error
  } finally {
    await Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000).unref())])
  }
}

function believed(told: number): number {
  const outcome = readOutcome()
  if (outcome.kind === "passed" && told === 0) return 0
  if (outcome.kind === "failed") return told || 1
  const exit = tail(serverLog, 1000)
    .split("\n")
    .filter((one) => /Process exited/.test(one))
    .at(-1)
  throw new Error(
    `The extension host ended before the tests did (${hung()}). ${exit ?? "It left no word."}\n` +
      `The end of ${serverLog}:\n${tail(serverLog)}`,
  )
}

async function photograph(page: Page): Promise<void> {
  const path = join(screenshotsFolder, "extension-failed.png")
  try {
    await page.screenshot({ path, timeout: 5000 })
    record({ kind: "screenshot", path })
    say(`a screenshot of the window is in ${path}`)
  } catch {
    // There is no page any more.
  }
}

async function failure(why: Promise<string>): Promise<never> {
  throw new Error(await why)
}

function stopSignal(): Promise<number> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        say(`stopped by ${signal}`)
        done(130)
      })
    }
  })
}

function hung(): string {
  return readOutcome().kind === "started" ? "the tests had begun" : "the tests had not begun"
}

function readOutcome(): { readonly kind: "none" | "started" | "failed" | "passed" } {
  try {
    return JSON.parse(readFileSync(outcomeFile, "utf8"))
  } catch {
    return { kind: "none" }
  }
}

import { EventEmitter, once } from "node:events"
import { createWriteStream } from "node:fs"
import { format } from "node:util"
import type { Page } from "playwright-core"

/**
 * Prints what tests in the extension host say and writes what the workbench itself says to a file.
 * `ended` settles with the code that the workbench gives, which is 0 too when the host died.
 */
export async function listenToTests(
  page: Page,
  logFile: string,
): Promise<{ readonly ended: Promise<number> }> {
  const log = createWriteStream(logFile)
  await page.exposeFunction("__log", (type: string, args: unknown[], fromHost: boolean) => {
    const text = `${format(...args)}\n`
    if (!fromHost) log.write(`[${type}] ${text}`)
    else if (type === "error" || type === "warn") process.stderr.write(text)
    else process.stdout.write(text)
  })
  const exit = new EventEmitter()
  const ended = once(exit, "code").then(([code]) => Number(code))
  await page.exposeFunction("codeAutomationExit", (code: number) => exit.emit("code", code))
  // The workbench calls this for each line of its log while tests run. Only what the extension
  // host's console said is output of the tests; it comes through the call of that name.
  await page.addInitScript(() => {
    const ours = window as unknown as {
      __log(type: string, args: unknown[], fromHost: boolean): void
      codeAutomationLog(type: string, args: unknown[]): void
    }
    ours.codeAutomationLog = (type, args) => {
      const limit = Error.stackTraceLimit
      Error.stackTraceLimit = 60
      const fromHost = new Error().stack?.includes("$logExtensionHostMessage") ?? false
      Error.stackTraceLimit = limit
      const plain = args.map((arg) => (arg instanceof Error ? String(arg.stack ?? arg) : arg))
      ours.__log(type, plain, fromHost)
    }
  })
  return { ended }
}

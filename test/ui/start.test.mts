import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { after, test } from "node:test"
import { root } from "../support/folders.mts"
import { isolatedEnvironment } from "../support/isolated.mts"
import { openRun } from "../support/run.mts"
import { openBrowser } from "../support/vscode/browser.mts"
import { findChromium } from "../support/vscode/chromium.mts"
import { Workbench } from "./workbench.mts"

const run = openRun()
after(() => run.close())

test("npm start prints the address of a workbench with the extension and the demo", async () => {
  const folder = join(run.folder, "start")
  const options = ["--browser", "--no-open", "--port", "0", "--folder", folder]
  const child = run.start(process.execPath, ["test/support/start/main.mts", ...options], {
    cwd: root,
    env: { ...process.env, ...isolatedEnvironment(run) },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const address = await addressIn(child.stdout)
  const browser = await openBrowser(findChromium() ?? "")
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  await page.goto(address)
  const workbench = new Workbench(page, join(folder, "demo"), address, () => browser.close())
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "hello.yaml" }).waitFor()
  await workbench.openFile("with-a-mistake.yaml")
  await workbench.squiggle('There is no task "downlaod"')
  await workbench.screenshot("start")
  await workbench.close()

  // Ctrl+C is its usual end.
  child.kill("SIGINT")
  await once(child, "exit")
})

async function addressIn(output: NodeJS.ReadableStream | null): Promise<string> {
  if (output === null) throw new Error("npm start has no output")
  let said = ""
  for await (const line of createInterface(output)) {
    said += `${line}\n`
    const address = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0]
    if (address !== undefined) return address
  }
  throw new Error(`npm start ended without an address:\n${said}`)
}

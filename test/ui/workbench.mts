import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import type { FrameLocator, Locator, Page } from "playwright-core"
import { until } from "../cluster/until.mts"
import { logsFolder, root, screenshotsFolder } from "../support/folders.mts"
import { isolatedEnvironment } from "../support/isolated.mts"
import { isMissing } from "../support/missing.mts"
import { openRun, type Run } from "../support/run.mts"
import { openBrowser } from "../support/vscode/browser.mts"
import { provideChromium } from "../support/vscode/chromium.mts"
import { giveDevelopmentOptions } from "../support/vscode/developmentOptions.mts"
import { installServer } from "../support/vscode/install.mts"
import {
  type EditorFolders,
  serverEnvironment,
  serverFolders,
  startServer,
} from "../support/vscode/server.mts"
import { writeSettings } from "../support/vscode/settings.mts"

export interface WorkbenchOptions {
  /** Copied, so that a suite may edit; relative to the clone. */
  readonly workspace: string
  readonly theme?: keyof typeof themes
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  /** Folders of extensions beside ours; relative to the clone. */
  readonly extensions?: readonly string[]
  readonly size?: { readonly width: number; readonly height: number }
  /** A .code-workspace in the workspace's copy, to be opened in place of the folder. */
  readonly opens?: string
  /** Left out: the folder is trusted. */
  readonly isUntrusted?: true
  /** Ours is installed from this package, as a person has it, in place of the clone's. */
  readonly vsix?: string
  /** A module that every process of the editor loads first. */
  readonly preload?: string
}

/** As the settings call them, as the picker does, and the class of the workbench. */
const themes = {
  dark: { id: "Dark 2026", label: "Dark 2026", kind: "vs-dark" },
  light: { id: "Light 2026", label: "Light 2026", kind: "vs" },
  "high contrast": { id: "Default High Contrast", label: "Dark High Contrast", kind: "hc-black" },
  "high contrast light": {
    id: "Default High Contrast Light",
    label: "Light High Contrast",
    kind: "hc-light",
  },
} as const

/** Only ends what would never come: machines differ by a factor of three. */
const waitLimitMs = 60_000

type Severity = "error" | "warning" | "info" | "hint"

/** A real VS Code with the extension of this clone, as a person sees it. Every wait ends after a minute. */
export class Workbench {
  /** The copy of the workspace that is open. */
  readonly folder: string
  readonly page: Page
  readonly #url: string
  readonly #end: () => Promise<void>

  constructor(page: Page, folder: string, url: string, end: () => Promise<void>) {
    this.page = page
    this.folder = folder
    this.#url = url
    this.#end = end
  }

  async openWindow(): Promise<void> {
    await this.page.goto(this.#url)
    const files = ".monaco-workbench .explorer-folders-view .monaco-list-row"
    await this.page.locator(files).first().waitFor()
  }

  /** Resolves once the extension does not run any more: what goes on goes on without it. */
  async closeWindow(): Promise<void> {
    await this.page.goto("about:blank")
    const here = dirname(this.folder)
    await until("the extension host has ended", async () => extensionHosts(here).length === 0)
  }

  /** Opens a file of the workspace in an editor. */
  async openFile(path: string): Promise<void> {
    const rows = this.page.locator(".quick-input-list .monaco-list-row")
    const found = rows.filter({ hasText: basename(path) }).first()
    const nothing = rows.filter({ hasText: "No matching results" }).first()
    // A file that was just written is found a little later: then the search is begun anew.
    for (;;) {
      await this.page.keyboard.press("Control+P")
      await this.page.locator(".quick-input-widget input.input").fill(path)
      await found.or(nothing).first().waitFor()
      if (await found.isVisible()) break
      await this.page.keyboard.press("Escape")
    }
    await this.#pick(path, basename(path))
    await this.page.locator(".tab.active", { hasText: basename(path) }).waitFor()
    await this.page.locator(".monaco-editor .view-line").first().waitFor()
  }

  /** Runs a command of the palette by its title, "Category: Title" where it has a category. */
  async runCommand(title: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title })
    const input = this.page.locator(".quick-input-widget input.input")
    // What opens just now takes the keys and closes the palette; and a command that is possible only
    // now comes with the next opening.
    for (let tries = 0; tries < 10; tries++) {
      await this.page.keyboard.press("F1")
      const isTyped = await input.fill(`>${title}`, { timeout: 3_000 }).then(
        () => true,
        () => false,
      )
      if (isTyped && (await appears(row.first(), 3_000))) break
      await this.page.keyboard.press("Escape")
    }
    await this.#pick(`>${title}`, title)
  }

  async #pick(typed: string, shown: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input.input")
    await input.waitFor()
    await input.fill(typed)
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: shown }).first()
    await row.click()
    // Gone, or asking the next question.
    await this.page.waitForFunction((asked) => {
      const now = document.querySelector<HTMLInputElement>(".quick-input-widget input.input")
      return !now?.checkVisibility() || now.value !== asked
    }, typed)
  }

  /** Presses a key until what it is to show is there: a busy editor may drop what was asked of it. */
  async pressUntil(key: string, shown: Locator): Promise<void> {
    for (const end = Date.now() + waitLimitMs; Date.now() < end; ) {
      if (await shown.isVisible()) return
      await this.page.keyboard.press(key)
      if (await appears(shown, 3_000)) return
    }
    throw new Error(`${key} was pressed for ${waitLimitMs / 1000} s and does not show: ${shown}`)
  }

  /** Waits until a squiggle says this when the pointer rests on it. */
  async squiggle(message: string, severity: Severity = "error"): Promise<void> {
    const squiggles = this.page.locator(`.monaco-editor .squiggly-${severity}`)
    const hover = this.page.locator(".monaco-hover:visible", { hasText: message }).first()
    await squiggles.first().waitFor()
    for (const end = Date.now() + waitLimitMs; Date.now() < end; ) {
      for (const squiggle of await squiggles.all()) {
        const box = await squiggle.boundingBox()
        if (box === null) continue
        await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
        if (await appears(hover, 2000)) return
        await this.page.mouse.move(0, 0)
      }
    }
    throw new Error(`No ${severity} squiggle says: ${message}`)
  }

  /** Clicks the code lens of this title in the active editor. */
  async clickLens(title: string): Promise<void> {
    await this.page
      .locator(".monaco-editor .codelens-decoration a", { hasText: title })
      .first()
      .click()
  }

  /** Changes the colour theme, and waits until all of it is drawn. */
  async chooseTheme(theme: keyof typeof themes): Promise<void> {
    const { label, kind } = themes[theme]
    await this.runCommand("Preferences: Color Theme")
    await this.page.locator(".quick-input-widget input.input").fill(label)
    await this.page
      .locator(".quick-input-list .monaco-list-row.focused", { hasText: label })
      .waitFor()
    await this.page.keyboard.press("Enter")
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor()
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" })
    await this.#drawn()
  }

  /** Resolves once nothing fades in or out any more. */
  async #drawn(): Promise<void> {
    await this.page.waitForFunction(() =>
      document.getAnimations().every((one) => !(one instanceof CSSTransition)),
    )
  }

  /** Shows a view of the side bar or panel by its title. */
  async showView(title: string): Promise<void> {
    await this.runCommand(`Focus on ${title} View`)
    await this.#pane(title).waitFor()
  }

  /** Waits for the item of that view whose text, description included, holds all of these words. */
  async treeItem(view: string, ...words: readonly string[]): Promise<Locator> {
    let row = this.#pane(view).locator(".monaco-list-row")
    for (const word of words) row = row.filter({ hasText: word })
    await row.first().waitFor()
    return row.first()
  }

  #pane(title: string): Locator {
    return this.page.locator(".pane", {
      has: this.page.locator(".pane-header", { hasText: title }),
    })
  }

  /** Shows an output channel and waits until the part in sight, its end, holds the text. */
  async output(channel: string, text: string): Promise<string> {
    await this.runCommand("Output: Show Output Channels...")
    await this.#pick(channel, channel)
    return this.visibleOutput(text)
  }

  /** Waits until the output that is shown holds the text, and answers what is in sight of it. */
  async visibleOutput(text: string): Promise<string> {
    // Monaco writes blanks as no-break spaces; to a regular expression both are white space.
    const words = text.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    const lines = this.page.locator(".panel .output-view-container, .panel .view-lines")
    await lines
      .filter({ hasText: new RegExp(words.join("\\s")) })
      .first()
      .waitFor()
    const shown = await this.page.locator(".panel .view-line").allInnerTexts()
    return shown.join("\n").replaceAll("\u00a0", " ")
  }

  async notification(text: string): Promise<void> {
    await this.page
      .locator(".notifications-toasts .notification-list-item-message", { hasText: text })
      .first()
      .waitFor()
  }

  /** The inside of the webview that is shown. */
  async webview(): Promise<FrameLocator> {
    await this.page.locator("iframe.webview.ready").last().waitFor()
    return this.page
      .frameLocator("iframe.webview.ready >> nth=-1")
      .frameLocator("iframe#active-frame")
  }

  /** Keeps what is to be seen in .screenshots/, and answers where. */
  async screenshot(name: string): Promise<string> {
    await this.#drawn()
    const path = join(screenshotsFolder, `${name.replace(/[^\w.-]+/g, "-")}.png`)
    await this.page.screenshot({ path })
    return path
  }

  close(): Promise<void> {
    return this.#end()
  }
}

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const run = openRun()
  try {
    return await openIn(run, options)
  } catch (error) {
    await run.close()
    throw error
  }
}

async function openIn(run: Run, options: WorkbenchOptions): Promise<Workbench> {
  const say = (line: string) => console.error(`VS Code: ${line}`)
  const chromium = await provideChromium(say)
  if (isMissing(chromium)) throw new Error(`There is no ${chromium.missing}: ${chromium.how}.`)
  const folder = join(run.folder, "workspace")
  cpSync(resolve(root, options.workspace), folder, { recursive: true })
  mkdirSync(logsFolder, { recursive: true })
  const userData = join(run.folder, "user")
  writeSettings(userData, {
    "workbench.colorTheme": themes[options.theme ?? "dark"].id,
    "window.autoDetectColorScheme": false,
    "window.autoDetectHighContrast": false,
    "security.workspace.trust.startupPrompt": "never",
    ...options.settings,
  })
  const folders = {
    server: await installServer(say),
    data: join(run.folder, "server"),
    userData,
    extensions: join(run.folder, "extensions"),
  }
  if (options.vsix !== undefined) installPackage(folders, options.vsix)
  const server = await startServer(run, {
    ...folders,
    logFile: join(logsFolder, `vscode-server-${basename(process.argv[1] ?? "ui")}.log`),
    args: [
      // A window that goes without a word leaves its extension host behind, by default for hours.
      "--reconnection-grace-time=30",
      ...(options.isUntrusted ? [] : ["--disable-workspace-trust"]),
    ],
    nodeArgs: options.preload === undefined ? [] : ["--require", options.preload],
    env: { ...isolatedEnvironment(run), ...options.env },
  })
  const browser = await openBrowser(chromium)
  const context = await browser.newContext({
    viewport: options.size ?? { width: 1400, height: 900 },
  })
  await giveDevelopmentOptions(context, {
    port: server.port,
    extensions: [
      ...(options.vsix === undefined ? [root] : []),
      ...(options.extensions ?? []).map((path) => resolve(root, path)),
    ],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(waitLimitMs)
  const opened =
    options.opens === undefined
      ? `folder=${encodeURIComponent(folder)}`
      : `workspace=${encodeURIComponent(join(folder, options.opens))}`
  const url = `http://127.0.0.1:${server.port}/?${opened}`
  const workbench = new Workbench(page, folder, url, async () => {
    await Promise.race([browser.close(), wait(5000, undefined, { ref: false })])
    await run.close()
  })
  await workbench.openWindow()
  return workbench
}

/** Processes of Linux that were started for this run of ours. */
function extensionHosts(folder: string): readonly string[] {
  const has = (pid: string, file: string, text: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "latin1").includes(text)
    } catch {
      return false
    }
  }
  return readdirSync("/proc").filter(
    (pid) =>
      /^\d+$/.test(pid) &&
      has(pid, "cmdline", "--type=extensionHost") &&
      has(pid, "environ", `=${folder}\0`),
  )
}

function installPackage(folders: EditorFolders, vsix: string): void {
  const args = [...serverFolders(folders), "--install-extension", vsix]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: serverEnvironment(),
    encoding: "utf8",
  })
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${stdout}${stderr}`)
}

function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  )
}

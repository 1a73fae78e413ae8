import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { after, before } from "node:test"
import type { Browser, Page } from "playwright-core"
import type { PanelKind } from "#media/protocol"
import { screenshotsFolder } from "../support/folders.mts"
import { isMissing } from "../support/missing.mts"
import { openBrowser } from "../support/vscode/browser.mts"
import { provideChromium } from "../support/vscode/chromium.mts"
import { type OpenedPage, openPage, type PageOptions } from "./openPage.mts"

export type Open = <K extends PanelKind>(options: PageOptions<K>) => Promise<OpenedPage<K>>

/** One browser for the tests of a file; what the answer opens is closed with it. */
export function useBrowser(): Open {
  let browser: Browser | undefined
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser?.close())
  return (options) => {
    if (browser === undefined) throw new Error("The browser is there inside tests only.")
    return openPage(browser, options)
  }
}

export async function launchBrowser(): Promise<Browser> {
  const chromium = await provideChromium((line) => console.error(line))
  if (isMissing(chromium)) throw new Error(`There is no ${chromium.missing}: ${chromium.how}.`)
  return openBrowser(chromium)
}

/** Keeps what is to be seen in .screenshots/panels/, and answers where. */
export async function shoot(page: Page, ...name: readonly (string | number)[]): Promise<string> {
  const folder = join(screenshotsFolder, "panels")
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name.join("-").replaceAll(" ", "-")}.png`)
  await page.screenshot({ path })
  return path
}

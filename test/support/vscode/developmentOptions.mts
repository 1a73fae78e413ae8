import { resolve } from "node:path"
import type { BrowserContext } from "playwright-core"

export interface Development {
  readonly port: number
  readonly extensions: readonly string[]
  /** The module whose `run` the extension host calls once it is up. */
  readonly tests?: string
}

/**
 * Hands the workbench the extension under development, as desktop VS Code's command line does. The
 * workbench reads it from a tag of its page, so it is written there before the page's script runs.
 * Rewriting the page on its way would be simpler, but Chromium then takes it for a page of another
 * network and refuses its WebSockets to loopback (close code 1006).
 */
export async function giveDevelopmentOptions(
  context: BrowserContext,
  { port, extensions, tests }: Development,
): Promise<void> {
  const remote = (path: string) => ({
    scheme: "vscode-remote",
    authority: `127.0.0.1:${port}`,
    path: resolve(path),
  })
  const given = {
    extensions: extensions.map(remote),
    ...(tests === undefined ? {} : { extensionTestsPath: remote(tests) }),
  }
  await context.addInitScript((options) => {
    if (window !== window.top) return
    document.addEventListener("readystatechange", () => {
      const tag = document.getElementById("vscode-workbench-web-configuration")
      const text = tag?.getAttribute("data-settings")
      if (document.readyState !== "interactive" || !tag || !text) return
      const settings = JSON.parse(text)
      settings.developmentOptions = { ...settings.developmentOptions, logLevel: 3, ...options }
      tag.setAttribute("data-settings", JSON.stringify(settings))
    })
  }, given)
}

import { existsSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { pageHtml } from "#client/panels/pageHtml"
import type { PanelKind, Subject, ToHost, ToPage } from "#media/protocol"
import { root } from "../support/folders.mts"
import tokens from "./themes.json" with { type: "json" }

/** themes.json holds what a window of VS Code gives its webviews in each of these. */
export const themes = ["dark", "light", "high contrast", "high contrast light"] as const

export type ThemeName = (typeof themes)[number]

export interface PageOptions<K extends PanelKind> {
  readonly kind: K
  readonly subject: Subject<K>
  readonly theme?: ThemeName
  readonly width?: number
  readonly height?: number
  /** What an earlier page kept. */
  readonly kept?: unknown
  /** Only in a page whose time stands still are two screenshots alike. */
  readonly now?: Date
  readonly words?: Readonly<Record<string, string>>
}

/** A page of dist/media as a webview would have it, with the host in the test's hands. */
export interface OpenedPage<K extends PanelKind> {
  readonly page: Page
  /** What the page has told its host so far. */
  readonly told: readonly ToHost<K>[]
  /** Scripts that threw, and everything that the page's policy refused. */
  readonly faults: readonly string[]
  tell(...messages: readonly ToPage<K>[]): Promise<void>
  setTheme(theme: ThemeName): Promise<void>
  /** What the page asked to have kept. */
  kept(): Promise<unknown>
  /** Loads the page anew with what it kept, as the editor does when it is looked at again. */
  reload(): Promise<void>
  close(): Promise<void>
}

export async function openPage<K extends PanelKind>(
  browser: Browser,
  options: PageOptions<K>,
): Promise<OpenedPage<K>> {
  const { kind, subject, theme = "dark", width = 1400, height = 900, words = {} } = options
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const told: ToHost<K>[] = []
  const faults: string[] = []
  page.on("pageerror", (error) => faults.push(`${error.name}: ${error.message}`))
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text())
  })
  page.on("requestfailed", (request) => faults.push(`could not load ${request.url()}`))
  if (options.now) await page.clock.setFixedTime(options.now)
  let wakeReady: () => void = () => {}
  const kept = { view: options.kept }
  await page.exposeFunction("hostReceives", (message: ToHost<K> | { readonly kind: "ready" }) => {
    if (message.kind === "ready") wakeReady()
    else told.push(message)
  })
  await page.exposeFunction("hostKeeps", (state: { readonly view: unknown }) => {
    kept.view = state.view
  })
  await page.exposeFunction("hostRefuses", (what: string) => void faults.push(what))
  await page.exposeFunction("hostGives", () => ({ subject, view: kept.view }))
  await context.route("**/*", async (route) => {
    const { pathname, host } = new URL(route.request().url())
    if (host !== origin) return route.abort()
    if (pathname === "/") {
      const body = pageHtml({
        title: kind,
        language: "en",
        script: `https://${origin}/${kind}.js`,
        style: `https://${origin}/${kind}.css`,
        source: `https://${origin}`,
        data: { subject, words },
      })
      return route.fulfill({
        body: withStateBeforeScripts(body, kept.view),
        contentType: types[".html"],
      })
    }
    const file = join(root, "dist/media", pathname)
    if (!existsSync(file)) return route.fulfill({ status: 404 })
    return route.fulfill({ body: readFileSync(file), contentType: types[extname(file)] })
  })
  await page.addInitScript(playHost, { tokens: tokens[theme] })
  const load = async () => {
    const ready = new Promise<void>((resolve) => {
      wakeReady = resolve
    })
    await page.goto(`https://${origin}/`)
    await ready
  }
  await load()
  return {
    page,
    told,
    faults,
    async tell(...messages) {
      for (const message of messages) {
        await page.evaluate((one) => {
          // Typed arrays come as lists of numbers over the wire of the test.
          const revive = (_key: string, value: unknown) => {
            const typed = value as { readonly u8?: number[]; readonly u32?: number[] } | null
            if (typed?.u8) return Uint8Array.from(typed.u8)
            return typed?.u32 ? Uint32Array.from(typed.u32) : value
          }
          dispatchEvent(new MessageEvent("message", { data: JSON.parse(one, revive) }))
        }, encode(message))
      }
    },
    async setTheme(name) {
      await page.evaluate((look) => {
        const set = (globalThis as unknown as { setTheme: (look: unknown) => void }).setTheme
        set(look)
      }, tokens[name])
    },
    kept: () => Promise.resolve(kept.view),
    reload: load,
    close: () => context.close(),
  }
}

const origin = "panel.test"

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".ttf": "font/ttf",
}

function encode(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return { u8: [...value] }
    return value instanceof Uint32Array ? { u32: [...value] } : value
  })
}

/** The state must be there when the page's script begins, and the page's policy allows no script for it. */
function withStateBeforeScripts(html: string, view: unknown): string {
  const state = JSON.stringify(view ?? null).replace(
    /[&<>"']/g,
    (sign) => `&#${sign.charCodeAt(0)};`,
  )
  return html.replace("<html ", `<html data-kept="${state}" `)
}

/** Runs in the page before any of its scripts: what a webview's frame does for it. */
function playHost({ tokens }: { readonly tokens: Look }): void {
  const host = globalThis as unknown as {
    hostReceives: (message: unknown) => void
    hostKeeps: (state: unknown) => void
    hostRefuses: (what: string) => void
    acquireVsCodeApi: unknown
    setTheme: unknown
  }
  const setTheme = (look: Look) => {
    const { style } = document.documentElement
    for (const name of Array.from(style)) if (name.startsWith("--")) style.removeProperty(name)
    for (const [name, value] of Object.entries(look.tokens)) style.setProperty(name, value)
    document.body.className = look.class
    document.body.dataset.vscodeThemeKind = look.kind
    document.body.dataset.vscodeThemeId = look.id
  }
  host.setTheme = setTheme
  document.addEventListener("securitypolicyviolation", (event) => {
    host.hostRefuses(`refused ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
  })
  // Like VS Code, before the page's own script: as soon as there is a body.
  const observer = new MutationObserver(() => {
    if (!document.body) return
    observer.disconnect()
    setTheme(tokens)
  })
  observer.observe(document, { childList: true, subtree: true })
  let isAcquired = false
  let state: unknown
  host.acquireVsCodeApi = () => {
    if (isAcquired) throw new Error("An instance of the VS Code API has already been acquired")
    isAcquired = true
    const kept: unknown = JSON.parse(document.documentElement.dataset.kept ?? "null")
    state = kept === null ? undefined : { view: kept }
    return {
      postMessage: (message: unknown) => host.hostReceives(message),
      getState: () => state,
      setState: (given: unknown) => {
        state = given
        host.hostKeeps(given)
      },
    }
  }
}

interface Look {
  readonly class: string
  readonly kind: string
  readonly id: string
  readonly tokens: Readonly<Record<string, string>>
}

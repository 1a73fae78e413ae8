import { type Browser, chromium } from "playwright-core"

/** Chromium without a window that can reach this machine only, not even a name server. */
export function openBrowser(
  executablePath: string,
  more: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    // Whoever opened it decides what a signal means.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ...more,
    ],
  })
}

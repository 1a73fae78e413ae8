import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { hasAptGet, installDebian } from "../debian.mts"
import { type Missing, mayInstall } from "../missing.mts"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
const onMac = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
]
const packages = ["chromium", "fonts-dejavu-core"]

/** The browser for the workbench; installed from the distribution where that was allowed. */
export async function provideChromium(say: (line: string) => void): Promise<string | Missing> {
  const found = findChromium()
  if (found !== undefined) return found
  const apt = `apt-get install -y --no-install-recommends ${packages.join(" ")}`
  if (!mayInstall || !hasAptGet()) {
    return {
      missing: "Chromium",
      how: `npm test -- --install (runs ${apt}), or set CHROMIUM_EXECUTABLE to a Chrome or Chromium`,
    }
  }
  const failed = await installDebian(packages, say)
  if (failed !== undefined) return { missing: "Chromium", how: `${failed}; install one by hand` }
  return findChromium() ?? { missing: "Chromium", how: "set CHROMIUM_EXECUTABLE" }
}

export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter)
  const candidates = [
    process.env.CHROMIUM_EXECUTABLE ?? "",
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(process.platform === "darwin" ? onMac : []),
  ]
  return candidates.find((path) => path !== "" && isExecutable(path))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

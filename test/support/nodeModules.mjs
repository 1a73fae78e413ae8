import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, lstatSync, readFileSync } from "node:fs"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { withLock } from "./lock.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = join(root, "node_modules")
export const node24 = join(folder, "node/bin", process.platform === "win32" ? "node.exe" : "node")

/** Runs `npm ci` where node_modules is missing or not what package-lock.json says. */
export async function provideNodeModules() {
  if (isUpToDate()) return true
  // Two commands started at once in one clone: the second finds the work done.
  const key = createHash("sha256").update(root).digest("hex").slice(0, 12)
  const lock = join(tmpdir(), `kx-${userInfo().uid}`, `npm-ci-${key}.lock`)
  return withLock(
    lock,
    async () => isUpToDate() || (isOurs() && (await install())),
    () => console.log("another run is installing the packages; waiting for it"),
  )
}

function isUpToDate() {
  const installed = packagesOf(join(folder, ".package-lock.json"))
  if (installed === undefined || !existsSync(node24)) return false
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(([path, wanted]) => {
    if (path === "") return true
    const found = installed[path]
    // npm leaves out what is optional and made for another platform.
    if (found === undefined) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages
  } catch {
    return undefined
  }
}

/** A link leads to an installation that others use too, and npm ci begins by emptying it. */
function isOurs() {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return true
  console.error(
    "node_modules is a link, and what it leads to is not what package-lock.json says. Run npm ci there, or remove the link.",
  )
  return false
}

function install() {
  console.log("npm ci: node_modules is missing or not what package-lock.json says")
  return new Promise((resolve) => {
    const child = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
    })
    child.once("error", (error) => {
      console.error(`npm cannot be started: ${error.message}`)
      resolve(false)
    })
    child.once("exit", (code) => {
      if (code !== 0) console.error(`npm ci failed (exit code ${code}); what it said is above.`)
      resolve(code === 0)
    })
  })
}

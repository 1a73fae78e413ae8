import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs"
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { cacheFolder } from "../folders.mts"
import { withLock } from "../lock.mjs"
import { codeServerIntegrity, codeServerVersion, vscodeVersion } from "./versions.mts"

const run = promisify(execFile)
const installations = join(cacheFolder, "vscode")
const standIn = fileURLToPath(new URL("spdlog", import.meta.url))
const thisFile = fileURLToPath(import.meta.url)

/**
 * The folder of VS Code's own server and web workbench, fetched from npm the first time. Nothing is
 * compiled: what of its native parts is needed comes prebuilt, except the logger (see spdlog/).
 */
export async function installServer(say: (line: string) => void): Promise<string> {
  const folder = join(installations, cacheKey())
  if (!existsSync(folder)) {
    await withLock(
      `${folder}.lock`,
      async () => {
        if (!existsSync(folder)) await install(folder, say)
      },
      () => say("another run is installing VS Code's server; waiting for it"),
    )
  }
  const now = new Date()
  utimesSync(folder, now, now)
  return folder
}

function cacheKey(): string {
  const hash = createHash("sha256").update(`${codeServerIntegrity} ${process.version}`)
  for (const file of [thisFile, ...readdirSync(standIn).map((name) => join(standIn, name))]) {
    hash.update(readFileSync(file))
  }
  const platform = `${process.platform}-${process.arch}`
  return `${vscodeVersion}-${platform}-${hash.digest("hex").slice(0, 12)}`
}

async function install(folder: string, say: (line: string) => void): Promise<void> {
  await removeUnused()
  const fresh = `${folder}.${process.pid}.tmp`
  await mkdir(fresh, { recursive: true })
  try {
    say(`fetching code-server ${codeServerVersion} (47 MB) from npm`)
    const archive = await fetchArchive(fresh)
    // Only VS Code's part: code-server's own front end is not used.
    await run("tar", ["xzf", archive, "-C", fresh, "--strip-components=3", "package/lib/vscode"])
    await rm(archive)
    say("fetching the packages that VS Code's server needs (142)")
    // Not `npm ci`: the package's shrinkwrap lacks one peer dependency, and ci refuses that.
    await npm(fresh, "install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
    const logger = join(fresh, "node_modules/@vscode/spdlog")
    await rm(logger, { recursive: true, force: true })
    await cp(standIn, logger, { recursive: true })
    await dropUnneeded(fresh)
    await rename(fresh, folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  say(`VS Code ${vscodeVersion} is in ${folder}`)
}

async function fetchArchive(folder: string): Promise<string> {
  const spec = `code-server@${codeServerVersion}`
  const [packed] = JSON.parse(await npm(folder, "pack", spec, "--json"))
  const archive = join(folder, packed.filename)
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`
  if (found !== codeServerIntegrity) {
    throw new Error(`npm gave a ${spec} whose checksum is ${found}, not ${codeServerIntegrity}.`)
  }
  return archive
}

async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  // Without what an outer `npm test` says about itself: that is another project.
  const env = Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)/i.test(name))
  const options = { cwd, env: Object.fromEntries(env), maxBuffer: 1 << 26 }
  try {
    return (await run("npm", args, options)).stdout
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error)
    const lines = said.split("\n").filter((line) => line.startsWith("npm error"))
    throw new Error(`"npm ${args[0]}" failed:\n${lines.slice(0, 8).join("\n") || said}`)
  }
}

/** Never loaded by our suites, and half of the size: Copilot, dev containers, other platforms. */
async function dropUnneeded(folder: string): Promise<void> {
  const unneeded = [
    ...["@github", "@microsoft/mxc-sdk", "@devcontainers", "kerberos", "cpu-features"].map((name) =>
      join(folder, "node_modules", name),
    ),
    join(folder, "extensions/copilot"),
  ]
  const here = `${process.platform}-${process.arch}`
  for (const path of ["@vscode/ripgrep-universal/bin", "node-pty/prebuilds"]) {
    const builds = join(folder, "node_modules", path)
    for (const name of await readdir(builds).catch(() => [])) {
      if (name !== here) unneeded.push(join(builds, name))
    }
  }
  await Promise.all(unneeded.map((path) => rm(path, { recursive: true, force: true })))
}

/** Installations that no run has used for two weeks. */
async function removeUnused(): Promise<void> {
  const names = await readdir(installations).catch(() => [])
  const old = Date.now() - 14 * 24 * 3600 * 1000
  for (const path of names.map((name) => join(installations, name))) {
    if (statSync(path).mtimeMs < old) await rm(path, { recursive: true, force: true })
  }
}

import { spawn } from "node:child_process"
import { once } from "node:events"
import { accessSync, closeSync, constants, openSync, readSync } from "node:fs"
import path from "node:path"
import { Refusal } from "../refusal.mts"
import { isBuilt } from "./build.mts"
import { toolPath } from "./shell.mts"

/** What the built cluster takes from the system, and the Debian package that has it. */
const wanted: readonly { readonly debian: string; readonly isThere: () => boolean }[] = [
  { debian: "containerd", isThere: () => has("containerd", "containerd-shim-runc-v2") },
  { debian: "runc", isThere: () => has("runc") },
  {
    debian: "containernetworking-plugins",
    isThere: () =>
      ["bridge", "host-local", "loopback"].every((name) => runs(`/usr/lib/cni/${name}`)),
  },
  { debian: "busybox-static", isThere: () => runs("/bin/busybox") && isStatic("/bin/busybox") },
  { debian: "nftables", isThere: () => has("nft") },
  { debian: "iproute2", isThere: () => has("ip") },
  { debian: "openssl", isThere: () => has("openssl") },
  { debian: "util-linux", isThere: () => has("unshare", "nsenter", "setpriv") },
  { debian: "mount", isThere: () => has("mount") },
]

export const missingPackages = (): string[] =>
  wanted.filter(({ isThere }) => !isThere()).map(({ debian }) => debian)

/** Sees to it that everything is there: installs it where that is allowed, else names what is missing. */
export async function requirePackages(
  mayInstall: boolean,
  tell: (sentence: string) => void,
): Promise<void> {
  const missing = missingPackages()
  if (missing.length > 0) {
    const install = ["install", "-y", "--no-install-recommends", ...missing]
    const byHand = `apt-get update && apt-get ${install.join(" ")}`
    if (!mayInstall) {
      throw new Refusal(
        `The test cluster needs what these packages have: ${missing.join(", ")}. ` +
          `Run "npm run cluster -- up --install" as root, or yourself: ${byHand}`,
      )
    }
    if (!has("apt-get")) {
      throw new Refusal(
        `The test cluster needs what these Debian packages have: ${missing.join(", ")}. ` +
          "This system has no apt-get: install their like with its own package manager.",
      )
    }
    tell(`installs ${missing.join(", ")}`)
    await aptGet(["update"])
    await aptGet(install)
    const still = missingPackages()
    if (still.length > 0) {
      throw new Refusal(`These packages were installed but lack what we need: ${still.join(", ")}.`)
    }
  }
  if (!isBuilt() && !has("go") && !runs("/usr/local/go/bin/go")) {
    throw new Refusal(
      "The test cluster is built with Go, and there is no go on PATH: " +
        "install Go 1.24 or newer from https://go.dev/dl, then run this again.",
    )
  }
}

async function aptGet(commandLine: readonly string[]): Promise<void> {
  const child = spawn("apt-get", ["-q", ...commandLine], {
    // Its talk goes to our stderr: stdout is for results.
    stdio: ["ignore", 2, 2],
    env: { ...process.env, PATH: toolPath, DEBIAN_FRONTEND: "noninteractive" },
  })
  const [code] = await once(child, "close")
  if (code !== 0) {
    throw new Refusal(`"apt-get ${commandLine.join(" ")}" ended with exit code ${code}, see above.`)
  }
}

const has = (...commands: readonly string[]): boolean =>
  commands.every((command) =>
    toolPath.split(":").some((folder) => folder !== "" && runs(path.join(folder, command))),
  )

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A program that needs the system's loader names it near its beginning; in an image it would not start. */
function isStatic(file: string): boolean {
  const start = Buffer.alloc(4096)
  const opened = openSync(file, "r")
  readSync(opened, start, 0, start.length, 0)
  closeSync(opened)
  return !/\/ld-(linux|musl)/.test(start.toString("latin1"))
}

import { execFile, spawnSync } from "node:child_process"
import { promisify } from "node:util"

export function hasAptGet(): boolean {
  return (
    process.platform === "linux" &&
    spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0
  )
}

/** Installs packages of the distribution; answers why that failed, if it did. */
export async function installDebian(
  packages: readonly string[],
  say: (line: string) => void,
): Promise<string | undefined> {
  say(`installing Debian packages: ${packages.join(", ")}`)
  const install = ["apt-get", "install", "-y", "--no-install-recommends", ...packages]
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"]
  try {
    for (const command of [["apt-get", "update"], install]) {
      const [file = "", ...args] = [...asRoot, ...command]
      await promisify(execFile)(file, args, {
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
        maxBuffer: 1 << 26,
      })
    }
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n").at(-1) : String(error)
    return `"${install.join(" ")}" failed (${why})`
  }
}

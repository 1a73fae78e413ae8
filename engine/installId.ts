import { randomBytes } from "node:crypto"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { hostname, userInfo } from "node:os"
import { join } from "node:path"
import type { DriverSelf } from "./claims.ts"
import { succeeds } from "./singleton.ts"

/**
 * Who the engine of this user and machine is to others, today and after a reboot. It is random, so
 * two machines of one name are two; a home folder that several machines share has one for each.
 */
export function localDriver(folder: string): DriverSelf {
  const name = `${userInfo().username} on ${hostname()}`
  return { kind: "local", id: installId(folder), name, holder: `${name} (${process.pid})` }
}

function installId(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `install-id.${hostname().replace(/[^\w.-]/g, "_")}`)
  for (;;) {
    const known = read(path)
    if (known) return known
    const made = `local-${randomBytes(8).toString("hex")}`
    // Of two who make one at the same time the first counts.
    if (succeeds(() => writeFileSync(path, made, { flag: "wx", mode: 0o600 }), "EEXIST"))
      return made
    if (read(path) === "") rmSync(path, { force: true })
  }
}

/** Undefined when there is none; empty when it makes no sense. */
function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8").trim()
    return /^local-[0-9a-f]{16}$/.test(text) ? text : ""
  } catch {
    return undefined
  }
}

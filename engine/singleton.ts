import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"

/**
 * Takes the lock that makes this process the one engine of its user. Returns how to give it back, or
 * undefined when a living process holds it.
 */
export function takeLock(path: string): (() => void) | undefined {
  const mine = `${path}.${process.pid}`
  try {
    writeFileSync(mine, String(process.pid), { mode: 0o600 })
    for (;;) {
      // The link appears with its content, so nobody ever reads half a lock.
      if (succeeds(() => linkSync(mine, path), "EEXIST")) {
        return () => {
          if (holder(path) === process.pid) rmSync(path, { force: true })
        }
      }
      const pid = holder(path)
      if (pid !== undefined && isAlive(pid)) return undefined
      breakLock(path)
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Removes a lock that nobody holds. Of several who try at once, the rename lets one through. */
export function breakLock(path: string): void {
  const aside = `${path}.broken.${process.pid}`
  if (succeeds(() => renameSync(path, aside), "ENOENT")) rmSync(aside, { force: true })
}

export function succeeds(action: () => void, expected: string): boolean {
  try {
    action()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false
    throw error
  }
}

/** Whose lock it is; undefined: nobody's. */
export function holder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

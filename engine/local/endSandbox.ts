import { readdirSync, readFileSync } from "node:fs"

/**
 * Ends what a sandbox of this name left. One whose outer process was ended while it was being set up
 * does not hear of it and goes on; the name is among its arguments.
 */
export async function endSandbox(id: string): Promise<void> {
  while (killAll(id)) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Whether there was one. */
function killAll(id: string): boolean {
  let isThere = false
  for (const pid of processes()) {
    const [program = "", ...args] = argumentsOf(pid)
    if (!program.endsWith("bwrap") || !args.includes(id)) continue
    try {
      process.kill(pid, "SIGKILL")
      isThere = true
    } catch {
      // It ended by itself just now, or is another user's.
    }
  }
  return isThere
}

function processes(): readonly number[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  } catch {
    return []
  }
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")
  } catch {
    return []
  }
}

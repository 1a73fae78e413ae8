import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"

/**
 * When a process began, as the machine counts it: with its number it names a process for good. Undefined
 * when there is no such process, or none can be asked. The supervisor's script writes the same.
 */
export function processBeginning(pid: number, proc = "/proc"): string | undefined {
  if (!(pid > 0)) return undefined
  if (read(`${proc}/self/stat`) === undefined) return beginningByPs(pid)
  const stat = read(`${proc}/${pid}/stat`)
  if (stat === undefined) return undefined
  const [state, ...rest] = stat.replace(/^.*\) /s, "").split(" ")
  return state === "Z" ? undefined : rest[18]
}

function beginningByPs(pid: number): string | undefined {
  try {
    const said = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
    })
    return said.trim().replaceAll(/\s+/g, "_") || undefined
  } catch {
    return undefined
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

// Who a process is, so that its id can be kept in a file and used later: an id alone may belong to
// somebody else by then.
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"

/** The id of a process with the moment it began, or undefined when there is no such process. */
export function identify(pid) {
  const began = process.platform === "linux" ? beganOnLinux(pid) : beganElsewhere(pid)
  return began === undefined ? undefined : { pid, began }
}

export function isAlive(identity) {
  return identity !== undefined && identify(identity.pid)?.began === identity.began
}

function beganOnLinux(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    // The name in brackets may hold spaces; after it come the state and 18 more fields, then the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    if (fields[0] === "Z") return undefined
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
    return `${boot} ${fields[19]}`
  } catch {
    return undefined
  }
}

function beganElsewhere(pid) {
  const { stdout, status } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
  })
  return status === 0 ? stdout.trim() : undefined
}

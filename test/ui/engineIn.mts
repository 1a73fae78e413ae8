import { readFileSync } from "node:fs"
import { join } from "node:path"
import { until } from "../cluster/until.mts"

/** The engine that a window started, by the folder it was told to live in. */
export function engineIn(home: string) {
  const pid = () => {
    const number = Number(readFileSync(join(home, "engine.lock"), "utf8"))
    if (!(number > 1)) throw new Error(`No engine holds the lock in ${home}.`)
    return number
  }
  return {
    /** The laptop falls asleep. */
    stop: () => process.kill(pid(), "SIGSTOP"),
    wake: () => process.kill(pid(), "SIGCONT"),
    /** Without a word, as when the machine goes off. */
    kill: async () => {
      const killed = pid()
      process.kill(killed, "SIGKILL")
      await gone(killed)
    },
  }
}

/** Resolves once a process is no more than a number. */
export async function gone(pid: number): Promise<void> {
  await until(`the process ${pid} is gone`, async () => {
    try {
      return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))
    } catch {
      return true
    }
  })
}

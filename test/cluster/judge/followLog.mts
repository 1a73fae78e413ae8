import { closeSync, fstatSync, openSync, readSync, watch } from "node:fs"
import { type Change, readChange } from "./auditLog.mts"

/** Resolves at the moment the API server writes down a change that `isIt`, from now on. */
export function changeIn(log: string, isIt: (change: Change) => boolean): Promise<Change> {
  const file = openSync(log, "r")
  let offset = fstatSync(file).size
  let rest = ""
  return new Promise((resolve) => {
    const watcher = watch(log, look)
    look()

    function look(): void {
      const more = Buffer.alloc(fstatSync(file).size - offset)
      offset += readSync(file, more, 0, more.length, offset)
      const lines = (rest + more.toString()).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) {
        const change = readChange(line)
        if (change === undefined || !isIt(change)) continue
        watcher.close()
        closeSync(file)
        resolve(change)
        return
      }
    }
  })
}

import { join } from "node:path"
import { ClusterError } from "../clusterError.ts"

/**
 * The path of something that a spec or a run names, in a folder of ours. A name that is more than
 * one step down would lead elsewhere on the machine, so it is refused, whoever let it come this far.
 */
export function inside(folder: string, ...names: readonly string[]): string {
  for (const name of names) {
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
      throw new ClusterError("invalid", `"${name}" is no name for a folder of this machine.`)
    }
  }
  return join(folder, ...names)
}

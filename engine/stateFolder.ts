import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What has to be there after a reboot: who the engine is, which runs go on, runs of this machine, saved
 * logs. A variable that is set to nothing is as good as none.
 */
export function stateFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.KUBE_EXECUTIONS_HOME) return env.KUBE_EXECUTIONS_HOME
  const home = env.HOME || homedir()
  switch (platform) {
    case "win32":
      return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "kube-executions")
    case "darwin":
      return join(home, "Library", "Application Support", "kube-executions")
    default:
      return join(env.XDG_STATE_HOME || join(home, ".local", "state"), "kube-executions")
  }
}

/** Where this machine's runs are. Those of an earlier version, which had them elsewhere, stay where they are. */
export function localRunsFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const folder = join(stateFolder(env, platform), "local")
  if (env.KUBE_EXECUTIONS_HOME || existsSync(folder)) return folder
  const before = join(stateFolder(env, "linux"), "local")
  return existsSync(before) ? before : folder
}

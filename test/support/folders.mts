import { homedir, tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The clone we are in. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "")

/** What is expensive to get and the same for every clone of this user. */
export const cacheFolder = join(
  process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
  "kube-executions",
)

/** One folder per living process that started others; see run.mts. Short: sockets are made in it. */
export const runsFolder = join(tmpdir(), `kx-${userInfo().uid}`)

/** Where a suite leaves what helps to understand a failure. Git ignores both. */
export const logsFolder = process.env.KUBE_EXECUTIONS_LOGS || join(root, ".logs")
export const screenshotsFolder = join(root, ".screenshots")

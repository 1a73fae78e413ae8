import type { ServerSettings } from "./client/server.ts"
import { type StorageSettings, storageOfEnvironment } from "./files/storageSettings.ts"

/** A Colonies server, the colony on it, and as whom one speaks to it. */
export interface Profile {
  readonly server: ServerSettings
  readonly colony: string
  readonly storage: StorageSettings | undefined
}

/** What the settings lack or get wrong, a sentence each. */
export interface ProfileFaults {
  readonly faults: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads COLONIES_* and AWS_S3_* as the Colonies tools do. */
export function profileOfEnvironment(env: Environment): Profile | ProfileFaults {
  const faults: string[] = []
  const host = env.COLONIES_SERVER_HOST
  const privateKey = env.COLONIES_PRVKEY
  const colony = env.COLONIES_COLONY_NAME
  const portText = env.COLONIES_SERVER_HTTP_PORT || env.COLONIES_SERVER_PORT
  if (!host) faults.push("COLONIES_SERVER_HOST is not set: the name of the Colonies server.")
  if (!portText) faults.push("COLONIES_SERVER_PORT is not set: the port of the Colonies server.")
  if (!colony) faults.push("COLONIES_COLONY_NAME is not set: the colony to work in.")
  if (!privateKey) faults.push("COLONIES_PRVKEY is not set: the private key to sign with.")
  const port = Number(portText)
  if (portText && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    faults.push(`COLONIES_SERVER_PORT is "${portText}", which is no port.`)
  }
  const storage = storageOfEnvironment(env)
  if (storage !== undefined && "missing" in storage) {
    faults.push(`The S3 settings are not whole: ${storage.missing.join(", ")} not set.`)
    return { faults }
  }
  if (faults.length > 0 || !host || !privateKey || !colony) return { faults }
  return {
    server: {
      host,
      port,
      privateKey,
      // The tools take TLS for granted where nothing is said.
      tls: env.COLONIES_TLS?.toLowerCase() !== "false",
    },
    colony,
    storage,
  }
}

/** Reads a shell file of `export K="V"` lines, as people source it; other lines mean nothing here. */
export function readExports(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line)
    const [, name, value] = match ?? []
    if (name !== undefined && value !== undefined) found[name] = unquoted(value.trim())
  }
  return found
}

function unquoted(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'/.exec(text)
  if (quoted?.[1] !== undefined) return quoted[1].replace(/\\(["\\$`])/g, "$1")
  if (quoted?.[2] !== undefined) return quoted[2]
  return text.replace(/\s+#.*$/, "")
}

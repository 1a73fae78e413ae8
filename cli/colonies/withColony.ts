import { ColonyError } from "#colonies/client/colonyError"
import { type ColoniesServer, connectColonies } from "#colonies/client/server"
import { type FileStore, openFileStore, StorageError } from "#colonies/files/fileStore"
import type { SyncWorld } from "#colonies/files/sync"
import { type Profile, profileOfEnvironment, readExports } from "#colonies/profile"
import type { Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { quote, visible } from "../words.ts"
import type { ProfileValues } from "./profileOptions.ts"

/** A colony while a command works in it. The signal is raised by Ctrl+C. */
export interface OpenColony {
  readonly server: ColoniesServer
  readonly colony: string
  readonly profile: Profile
  readonly signal: AbortSignal
  /** Opens the S3 storage on first use. */
  readonly files: () => Promise<SyncWorld>
}

/** The reason of the signal, when somebody typed Ctrl+C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted"
}

/** Reads the profile, works, and turns what server and storage refuse into a sentence. */
export async function withColony<T>(
  values: ProfileValues,
  io: Io,
  work: (colony: OpenColony) => Promise<T>,
): Promise<T | 130> {
  const profile = await readProfile(values, io)
  const stop = new AbortController()
  const stopListening = io.onInterrupt(() => stop.abort(new Interrupted()))
  let server: ColoniesServer | undefined
  let store: Promise<FileStore> | undefined
  try {
    const connected = connectColonies(profile.server)
    server = connected
    return await work({
      server: connected,
      colony: profile.colony,
      profile,
      signal: stop.signal,
      files: async () => {
        const { storage } = profile
        if (storage === undefined) {
          throw new Refusal(
            "No storage is set. Files are kept in S3: set AWS_S3_ENDPOINT, AWS_S3_ACCESSKEY, AWS_S3_SECRETKEY and AWS_S3_BUCKET.",
            2,
          )
        }
        store ??= openFileStore(storage, stop.signal)
        return {
          files: { server: connected, colony: profile.colony },
          store: await store,
          storage,
        }
      },
    })
  } catch (error) {
    if (error instanceof Interrupted) return 130
    if (error instanceof ColonyError || error instanceof StorageError) {
      throw new Refusal(visible(error.message))
    }
    throw error
  } finally {
    stopListening()
    const opened = await store?.catch(() => undefined)
    opened?.close()
    await server?.close()
  }
}

async function readProfile(values: ProfileValues, io: Io): Promise<Profile> {
  const file = values["colony-env"] ?? values.env
  const env = file === undefined ? io.env : { ...io.env, ...(await readEnv(file, io)) }
  const profile = profileOfEnvironment(values.insecure ? { ...env, COLONIES_TLS: "false" } : env)
  if ("faults" in profile) {
    const faults = profile.faults.map((fault) => `  ${visible(fault)}\n`).join("")
    throw new Refusal(
      `The Colonies server is not known yet:\n${faults}Set these, or name a file that sets them with --colony-env.`,
      2,
    )
  }
  return values["skip-verify"]
    ? { ...profile, server: { ...profile.server, skipVerify: true } }
    : profile
}

/** The lines of a settings file that people source. */
export async function readEnv(path: string, io: Io): Promise<Record<string, string>> {
  try {
    return readExports(new TextDecoder().decode(await io.files.read(path)))
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : ""
    throw new Refusal(`${quote(path)} cannot be read${code}.`, 2)
  }
}

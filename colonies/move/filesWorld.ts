import { join, normalize } from "node:path"
import type { TaskFiles } from "#core/spec/filesTasks"
import { connectColonies } from "../client/server.ts"
import { openFileStore, StorageError } from "../files/fileStore.ts"
import type { SyncWorld } from "../files/sync.ts"
import type { Profile } from "../profile.ts"

/** What a run's first and last step work with. */
export interface FilesWorld {
  readonly profile: Profile
  readonly files: readonly TaskFiles[]
  /** Where the claim is. */
  readonly area: string
  /** The run's name. */
  readonly execution: string
  readonly print: (line: string) => void
  readonly signal: AbortSignal
}

/** Connects to server and storage, works and hangs up. */
export async function withColonyFiles<T>(
  { profile, signal }: FilesWorld,
  work: (world: SyncWorld) => Promise<T>,
): Promise<T> {
  const { storage, colony } = profile
  if (storage === undefined) {
    throw new StorageError("The profile names no storage: files of a colony are kept in S3.")
  }
  const server = connectColonies(profile.server)
  const store = await openFileStore(storage, signal)
  try {
    return await work({ files: { server, colony }, store, storage })
  } finally {
    store.close()
    await server.close()
  }
}

/** The folder of the claim that a spec means; one that would lie beside it is refused. */
export function folderOf({ area, execution }: FilesWorld, task: string, dir: string): string {
  const below = normalize(`/${filled(dir, execution, task)}`)
  if (dir.split("/").includes("..")) {
    throw new StorageError(`The folder "${dir}" of "${task}" would lie outside of the claim.`)
  }
  return join(area, below)
}

/** No process is there; the step's Job has its place, as in the command. */
export function filled(text: string, execution: string, task: string): string {
  return text.replace("{processid}", () => `${execution}.${task}.0`)
}

import { folderBelow, labelBelow, normalLabel, safeName } from "./labels.ts"

export interface LocalFile {
  readonly name: string
  readonly size: number
  readonly checksum: string
}

export interface RemoteFile extends LocalFile {
  readonly s3filename: string
}

/** A folder's regular files, by its path relative to what is synchronised ("" is itself). */
export type LocalFolders = ReadonlyMap<string, readonly LocalFile[]>
/** The newest revision of each file, by normal label. */
export type RemoteLabels = ReadonlyMap<string, readonly RemoteFile[]>

export interface FolderPlan {
  readonly label: string
  /** Relative to what is synchronised. */
  readonly folder: string
  readonly uploads: readonly LocalFile[]
  readonly downloads: readonly RemoteFile[]
  /** Files that both have and that differ: whoever wins is written over the other. */
  readonly conflicts: readonly { readonly local: LocalFile; readonly remote: RemoteFile }[]
}

export interface SyncPlan {
  readonly label: string
  readonly keepLocal: boolean
  /** Sorted by label; folders without work are left out. */
  readonly folders: readonly FolderPlan[]
  /** Labels and names that would lie outside of the folder; nothing of them is written. */
  readonly refused: readonly string[]
}

/** What would make both sides equal. Nothing is ever deleted. */
export function syncPlan(
  rootLabel: string,
  local: LocalFolders,
  remote: RemoteLabels,
  keepLocal: boolean,
): SyncPlan {
  const root = normalLabel(rootLabel)
  const refused: string[] = []
  const folders = new Map<string, string>()
  for (const folder of local.keys()) folders.set(labelBelow(root, folder), folder)
  for (const label of remote.keys()) {
    if (folders.has(label)) continue
    const folder = folderBelow(root, label)
    if (folder === undefined) refused.push(label)
    else folders.set(label, folder)
  }
  const plans = [...folders]
    .map(([label, folder]) =>
      folderPlan(label, folder, local.get(folder) ?? [], remote.get(label) ?? [], refused),
    )
    .filter((plan) => plan.uploads.length + plan.downloads.length + plan.conflicts.length > 0)
    .sort((a, b) => (a.label < b.label ? -1 : 1))
  return { label: root, keepLocal, folders: plans, refused }
}

function folderPlan(
  label: string,
  folder: string,
  local: readonly LocalFile[],
  remote: readonly RemoteFile[],
  refused: string[],
): FolderPlan {
  const here = new Map(local.map((file) => [file.name, file]))
  const there = new Map<string, RemoteFile>()
  for (const file of remote) {
    if (safeName(file.name) === undefined) refused.push(`${label}/${file.name}`)
    else there.set(file.name, file)
  }
  return {
    label,
    folder,
    uploads: local.filter(({ name }) => !there.has(name)).sort(byName),
    downloads: [...there.values()].filter(({ name }) => !here.has(name)).sort(byName),
    conflicts: [...there.values()]
      .flatMap((file) => {
        const mine = here.get(file.name)
        return mine === undefined || mine.checksum === file.checksum
          ? []
          : [{ local: mine, remote: file }]
      })
      .sort((a, b) => byName(a.local, b.local)),
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

/** How much a plan moves, for confirmations and progress. */
export function planTotals({ folders, keepLocal }: SyncPlan): {
  readonly uploads: number
  readonly downloads: number
  readonly conflicts: number
  readonly bytes: number
} {
  let uploads = 0
  let downloads = 0
  let conflicts = 0
  let bytes = 0
  for (const folder of folders) {
    uploads += folder.uploads.length
    downloads += folder.downloads.length
    conflicts += folder.conflicts.length
    for (const { size } of [...folder.uploads, ...folder.downloads]) bytes += size
    for (const { local, remote } of folder.conflicts) bytes += keepLocal ? local.size : remote.size
  }
  return { uploads, downloads, conflicts, bytes }
}

/**
 * Where the tools of a gcs file are looked for when nobody names a place, the nearest first: folders
 * "tools" beside it and above it, and the one where genectl looks. `file` is a whole path, as the
 * system or a URI writes it; undefined: the text is in no file.
 */
export function toolFolders(
  file: string | undefined,
  home: string | undefined,
): { readonly near: readonly string[]; readonly own: string | undefined } {
  const near: string[] = []
  let folder = file === undefined ? undefined : above(file)
  for (let height = 0; height < mostHeight && folder !== undefined; height++) {
    near.push(`${folder}/tools`)
    folder = above(folder)
  }
  return { near, own: home ? `${home}/kubegene/tools` : undefined }
}

const mostHeight = 3

/** Undefined above the root. */
function above(path: string): string | undefined {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"))
  return end < 0 ? undefined : path.slice(0, end)
}

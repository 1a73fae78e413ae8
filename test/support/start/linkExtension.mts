import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

/**
 * Makes VS Code's server take the extension from where it is built, as if it were installed: a
 * reload of the window shows the next build. A person's browser cannot be handed an extension under
 * development, as the suites do it with theirs.
 */
export async function linkExtension(extensions: string, folder: string): Promise<void> {
  const { publisher, name, version } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  )
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, path: folder, scheme: "file" },
    metadata: { installedTimestamp: Date.now(), source: "resource", pinned: true },
  }
  await mkdir(extensions, { recursive: true })
  await writeFile(join(extensions, "extensions.json"), JSON.stringify([entry]))
}

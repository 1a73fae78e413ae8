// What ships beside the programs, made of the sources by the build (esbuild.mjs).
import { readdirSync, readFileSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"

const root = dirname(fileURLToPath(import.meta.url))

/** dist/schemas: each dialect's schema as one file that needs no other, for other editors. */
export async function writeSchemas() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["core/spec/selfContained.ts"],
    bundle: true,
    format: "esm",
    write: false,
  })
  const code = Buffer.from(outputFiles[0].contents).toString("base64")
  const { selfContained } = await import(`data:text/javascript;base64,${code}`)
  const folder = join(root, "dist/schemas")
  await mkdir(folder, { recursive: true })
  for (const name of ["execution", "gcs", "gcs-tool", "function", "colonies-workflow"]) {
    const text = JSON.stringify(selfContained(name), null, 2)
    await writeFile(join(folder, `${name}.schema.json`), `${text}\n`)
  }
}

/** dist/l10n/bundle.l10n.json: every sentence that the extension and its panels say, for translators. */
export async function writeStrings() {
  const sentences = {}
  const collect = (folder, call) => {
    for (const path of readdirSync(join(root, folder), { recursive: true })) {
      if (!path.endsWith(".ts") || path.endsWith(".test.ts")) continue
      const text = readFileSync(join(root, folder, path), "utf8")
      for (const [, literal] of text.matchAll(call)) {
        const sentence = literal.startsWith('"')
          ? JSON.parse(literal)
          : literal.slice(1, -1).replaceAll("\\'", "'")
        sentences[sentence] = sentence
      }
    }
  }
  const literal = `("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')`
  collect("client", new RegExp(`\\bl10n\\.t\\(\\s*${literal}`, "g"))
  collect("media", new RegExp(`\\bt\\(\\s*${literal}`, "g"))
  // The words of phases are said through a table.
  const looks = readFileSync(join(root, "core/view/phase.ts"), "utf8")
  for (const [, word] of looks.matchAll(/: look\("([^"]+)"/g)) sentences[word] = word
  const sorted = Object.fromEntries(Object.entries(sentences).sort(([a], [b]) => (a < b ? -1 : 1)))
  const folder = join(root, "dist/l10n")
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, "bundle.l10n.json"), `${JSON.stringify(sorted, null, 2)}\n`)
}

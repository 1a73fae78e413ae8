// npm run build: what ships, each program one file in dist/ that needs no node_modules.
//   --production   minified, without source maps
//   --watch        builds again whenever a source of a program changes
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import * as esbuild from "esbuild"
import { writeSchemas, writeStrings } from "./esbuildData.mjs"
import {
  clientNodeHasNoSideEffects,
  languageClient,
  languageClientApart,
  workersAsText,
  writeWhenChanged,
} from "./esbuildPlugins.mjs"

const root = dirname(fileURLToPath(import.meta.url))
const production = process.argv.includes("--production")
const watch = process.argv.includes("--watch")

const shebang = "#!/usr/bin/env node"

// server.js and cli.js promise to start on Node 20. What talks to a cluster needs Node 22.19 or
// newer (undici says so), therefore it is in the engine, a program that cli.js starts when it is asked to.
const programs = [
  {
    out: "extension",
    entry: "client/extension.ts",
    target: "node22",
    external: ["vscode", languageClient],
  },
  {
    out: "languageClient",
    entry: "client/languageClient.ts",
    target: "node22",
    external: ["vscode"],
  },
  { out: "server", entry: "server/nodeMain.ts", target: "node20" },
  { out: "engine", entry: "cli/engineMain.ts", target: "node22" },
  // What a ConfigMap holds for a driver that somebody leaves in a cluster.
  { out: "driver", entry: "cli/driverMain.ts", target: "node22", mostGzip: 700_000 },
  // What moves a run's files in a cluster, from a ConfigMap too: small whatever the build is for.
  {
    out: "files",
    entry: "cli/filesMain.ts",
    target: "node22",
    mostGzip: 500_000,
    small: true,
  },
  { out: "cli", entry: "cli/nodeMain.ts", target: "node20", command: true },
  { out: "colonies", entry: "cli/coloniesMain.ts", target: "node22" },
  ...panels(),
]

const contexts = await Promise.all(
  programs.map((program) =>
    esbuild.context(optionsOf(program)).then((context) => [program, context]),
  ),
)
if (watch) {
  await Promise.all(contexts.map(([, context]) => context.watch()))
  // Whoever is in the middle of a sentence goes on watching.
  await writeData().catch((error) => console.error(error.message))
  console.log("watching; Ctrl+C ends")
} else {
  process.exitCode = (await buildOnce(contexts)) ? 0 : 1
  await writeData()
}

async function writeData() {
  await writeSchemas()
  await writeStrings()
}

async function buildOnce(contexts) {
  const rows = await Promise.all(
    contexts.map(async ([program, context]) => {
      try {
        return { program, sizes: sizesOf(await context.rebuild()) }
      } catch {
        // esbuild has already said what is wrong, and where.
        return { program, sizes: undefined }
      } finally {
        await context.dispose()
      }
    }),
  )
  console.log(`${"bundle".padEnd(24)}${"bytes".padStart(12)}${"gzip".padStart(12)}`)
  let good = true
  for (const { program, sizes } of rows) {
    const name = `dist/${program.out}.js`.padEnd(24)
    if (sizes === undefined) {
      console.log(`${name}      FAILED`)
      good = false
      continue
    }
    console.log(`${name}${grouped(sizes.raw).padStart(12)}${grouped(sizes.gzip).padStart(12)}`)
    if (sizes.gzip > (program.mostGzip ?? Number.POSITIVE_INFINITY)) {
      console.log(`${name}      TOO LARGE: ${grouped(program.mostGzip)} is the most`)
      good = false
    }
  }
  return good
}

function optionsOf({
  out,
  entry,
  target,
  external = [],
  command = false,
  panel = false,
  small = false,
}) {
  return {
    absWorkingDir: root,
    entryPoints: [{ in: entry, out }],
    outdir: "dist",
    bundle: true,
    platform: panel ? "browser" : "node",
    format: panel ? "iife" : "cjs",
    target,
    external,
    // Only what is loaded by require is sure to find "vscode".
    ...(external.includes(languageClient) ? { supported: { "dynamic-import": false } } : {}),
    minify: production || small,
    sourcemap: !production,
    metafile: true,
    write: false,
    legalComments: "none",
    logLevel: "warning",
    ...(panel ? { loader: { ".ttf": "file" }, assetNames: "media/[name]" } : {}),
    ...(command && !hasShebang(entry) ? { banner: { js: shebang } } : {}),
    plugins: [
      ...(panel ? [workersAsText()] : [clientNodeHasNoSideEffects()]),
      ...(external.includes(languageClient) ? [languageClientApart()] : []),
      writeWhenChanged({ out, external, command, tells: watch }),
    ],
  }
}

function hasShebang(entry) {
  return readFileSync(join(root, entry), "utf8").startsWith("#!")
}

/** media/<panel>/main.ts becomes dist/media/<panel>.js; its style sheet and the icons' font lie beside it. */
function panels() {
  const media = join(root, "media")
  if (!existsSync(media)) return []
  return readdirSync(media)
    .filter((name) => existsSync(join(media, name, "main.ts")))
    .map((name) => ({
      out: `media/${name}`,
      entry: `media/${name}/main.ts`,
      target: "es2023",
      panel: true,
    }))
}

function sizesOf({ outputFiles }) {
  const script = outputFiles.find(({ path }) => path.endsWith(".js"))
  return { raw: script.contents.length, gzip: gzipSync(script.contents).length }
}

function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, " ")
}

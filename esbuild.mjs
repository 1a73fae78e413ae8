// npm run build: what ships, each program one file in dist/ that needs no node_modules.
//   --production   minified, without source maps
//   --watch        builds again whenever a source changes
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { isBuiltin } from "node:module"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import * as esbuild from "esbuild"

const root = dirname(fileURLToPath(import.meta.url))
const production = process.argv.includes("--production")
const watch = process.argv.includes("--watch")

// Read only once a spec is seen: what VS Code reads at its start is a quarter of it without.
const languageClient = "./languageClient.js"
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
  console.log("watching; Ctrl+C ends")
} else {
  process.exitCode = (await buildOnce(contexts)) ? 0 : 1
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

/** dist/schemas: each dialect's schema as one file that needs no other, for other editors. */
async function writeSchemas() {
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
async function writeStrings() {
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
      writeWhenChanged({ out, external, command }),
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

// A page in a webview may load no script by address but its own, so a worker's program comes as text
// within it: `import code from "./x.ts?worker"`.
function workersAsText() {
  const setup = (build) => {
    build.onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\?worker$/, "")),
      namespace: "worker",
    }))
    build.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const { outputFiles, metafile } = await esbuild.build({
        absWorkingDir: root,
        entryPoints: [path],
        bundle: true,
        platform: "browser",
        format: "iife",
        target: "es2023",
        minify: true,
        metafile: true,
        write: false,
        logLevel: "warning",
      })
      const watchFiles = Object.keys(metafile.inputs).map((file) => join(root, file))
      return { contents: outputFiles[0].text, loader: "text", watchFiles }
    })
  }
  return { name: "workers as text", setup }
}

// The package does not say that its modules do nothing when loaded, so a program that wants only
// KubeConfig would carry every generated API (1.41 MB instead of 0.94). One module does something.
function clientNodeHasNoSideEffects() {
  const own = /[\\/]node_modules[\\/]@kubernetes[\\/]client-node[\\/]/
  const setup = (build) => {
    build.onResolve({ filter: /^(@kubernetes\/client-node|\.)/ }, async (args) => {
      const inside = own.test(args.importer)
      if (args.pluginData === "asked" || !(inside || args.path.startsWith("@"))) return undefined
      const { importer, namespace, resolveDir, kind } = args
      const found = await build.resolve(args.path, {
        importer,
        namespace,
        resolveDir,
        kind,
        pluginData: "asked",
      })
      if (found.errors.length > 0) return { errors: found.errors }
      return { path: found.path, sideEffects: /polyfill\.js$/.test(found.path) }
    })
  }
  return { name: "client-node has no side effects", setup }
}

function languageClientApart() {
  const setup = (build) => {
    build.onResolve({ filter: /^\.\/languageClient\.ts$/ }, () => {
      return { path: languageClient, external: true }
    })
  }
  return { name: "language client apart", setup }
}

// Files appear whole and only when they differ, so a window or a test run that is reading dist/
// never meets half a bundle, and two builds at once do no harm.
function writeWhenChanged({ out, external, command }) {
  return {
    name: "write when changed",
    setup(build) {
      build.onEnd(async ({ errors, metafile, outputFiles = [] }) => {
        if (errors.length > 0) return undefined
        const stray = strayImports(metafile, external)
        if (stray.length > 0) {
          return {
            errors: stray.map((path) => ({
              text: `The bundle would load "${path}" when it runs.`,
            })),
          }
        }
        for (const { path, contents } of outputFiles) {
          const old = await readFile(path).catch(() => undefined)
          if (old?.equals(contents)) continue
          await mkdir(dirname(path), { recursive: true })
          // Several panels bring the same font, at the same time.
          const fresh = `${path}.${process.pid}.${out.replaceAll("/", "-")}.tmp`
          await writeFile(fresh, contents)
          if (command && path.endsWith(".js")) await chmod(fresh, 0o755)
          await rename(fresh, path)
          if (watch) console.log(`${new Date().toLocaleTimeString()} ${relative(root, path)}`)
        }
        return undefined
      })
    },
  }
}

function strayImports(metafile, external) {
  const paths = Object.values(metafile.outputs).flatMap((output) =>
    output.imports.filter((one) => one.external).map((one) => one.path),
  )
  const wanted = (path) => path.startsWith("node:") || isBuiltin(path) || external.includes(path)
  return [...new Set(paths)].filter((path) => !wanted(path))
}

function sizesOf({ outputFiles }) {
  const script = outputFiles.find(({ path }) => path.endsWith(".js"))
  return { raw: script.contents.length, gzip: gzipSync(script.contents).length }
}

function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, " ")
}

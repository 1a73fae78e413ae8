// What the build (esbuild.mjs) does to programs beside bundling them.
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { isBuiltin } from "node:module"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"

const root = dirname(fileURLToPath(import.meta.url))

// Read only once a spec is seen: what VS Code reads at its start is a quarter of it without.
export const languageClient = "./languageClient.js"

// A page in a webview may load no script by address but its own, so a worker's program comes as text
// within it: `import code from "./x.ts?worker"`.
export function workersAsText() {
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
export function clientNodeHasNoSideEffects() {
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

export function languageClientApart() {
  const setup = (build) => {
    build.onResolve({ filter: /^\.\/languageClient\.ts$/ }, () => {
      return { path: languageClient, external: true }
    })
  }
  return { name: "language client apart", setup }
}

// Files appear whole and only when they differ, so a window or a test run that is reading dist/
// never meets half a bundle, and two builds at once do no harm.
export function writeWhenChanged({ out, external, command, tells }) {
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
          if (tells) console.log(`${new Date().toLocaleTimeString()} ${relative(root, path)}`)
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

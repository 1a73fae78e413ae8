// Runs the suites of this folder inside a real VS Code: node test/extension/run.mts [words of a test's name]
import { globSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { cp } from "node:fs/promises"
import { join } from "node:path"
import { runTests } from "@vscode/test-electron"
import { build } from "esbuild"
import { useCluster } from "../cluster/cluster.mts"
import { root } from "../support/folders.mts"
import { isolatedEnvironment } from "../support/isolated.mts"
import { openRun } from "../support/run.mts"
import { chooseEditor } from "../support/vscode/editor.mts"
import { writeSettings } from "../support/vscode/settings.mts"

const here = join(root, "test/extension")
const only = process.argv.slice(2).join(" ")
// Many commands wait for runs of a real cluster.
process.env.KUBE_EXECUTIONS_TIMEOUT_MS ??= "540000"
const run = openRun()
const suites = join(root, ".tsbuild", `extension-${process.pid}`)
const cluster = await useCluster()
const namespace = await cluster.namespace("extension")
try {
  await bundleSuites()
  const workspace = join(run.folder, "workspace")
  mkdirSync(workspace)
  await cp(join(root, "test/fixtures/execution"), workspace, { recursive: true })
  writeSettings(join(run.folder, "user"), { "kubeExecutions.namespace": namespace.name })
  const editor = await chooseEditor((line) => console.log(`VS Code: ${line}`))
  console.log(`VS Code: ${editor.what}`)
  const results = process.env.KUBE_EXECUTIONS_RESULTS ?? join(run.folder, "results")
  await runTests({
    vscodeExecutablePath: editor.executable,
    extensionDevelopmentPath: root,
    extensionTestsPath: join(suites, "index.js"),
    extensionTestsEnv: {
      ...isolatedEnvironment(run),
      KUBECONFIG: cluster.kubeconfig,
      KUBE_EXECUTIONS_TEST_NAMESPACE: namespace.name,
      KUBE_EXECUTIONS_RESULTS: results,
      KUBE_EXECUTIONS_ONLY: only,
    },
    // Short paths: the editor makes sockets in them.
    launchArgs: [
      workspace,
      `--user-data-dir=${join(run.folder, "user")}`,
      `--extensions-dir=${join(run.folder, "extensions")}`,
    ],
  })
  // An editor that died half-way may still have ended with code 0.
  if (!readFileSync(results, "utf8").includes('{"kind":"end"}')) {
    throw new Error("The editor ended before the tests did.")
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
} finally {
  rmSync(suites, { recursive: true, force: true })
  await namespace.remove()
  cluster.close()
  await run.close()
}
process.exit()

/** Inside the clone, so that mocha is found from there; a folder of its own for each run. */
async function bundleSuites(): Promise<void> {
  const entryPoints = [join(here, "index.ts"), ...globSync(join(here, "**/*.test.ts"))]
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: suites,
    outbase: here,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    sourcemap: true,
    external: ["vscode", "mocha"],
    logLevel: "warning",
  })
}

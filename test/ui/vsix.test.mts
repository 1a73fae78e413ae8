import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { root } from "../support/folders.mts"
import { useWorkbench } from "./useWorkbench.mts"

const folder = mkdtempSync(join(tmpdir(), "vsix-"))
const vsix = join(root, "dist/kube-executions.vsix")
const reached = join(folder, "reached")

const workbench = useWorkbench(async () => {
  writeFileSync(reached, "")
  run("package")
  return {
    workspace: "test/fixtures/mistakes",
    vsix,
    preload: fileURLToPath(new URL("noNetwork.cjs", import.meta.url)),
    env: {
      KUBE_EXECUTIONS_REACHED: reached,
      // Whoever goes by proxies finds none.
      HTTP_PROXY: "http://127.0.0.1:9",
      HTTPS_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "127.0.0.1,localhost",
    },
  }
})
after(() => {
  rmSync(folder, { recursive: true, force: true })
  // The other suites go on with the build they began with.
  run("build")
})

test("a package holds all that runs and nothing of what it was made from", () => {
  console.log(`the .vsix: ${(statSync(vsix).size / 1e6).toFixed(2)} MB`)
  const files = installed()
  const wanted = [
    "package.json",
    "package.nls.json",
    "README.md",
    "LICENSE",
    "dist/extension.js",
    "dist/languageClient.js",
    "dist/server.js",
    "dist/engine.js",
    "dist/driver.js",
    "dist/cli.js",
    "dist/colonies.js",
    "dist/l10n/bundle.l10n.json",
    "dist/media/graph.js",
    "dist/media/sequence.js",
    "dist/media/step.js",
    "dist/media/logs.js",
    "dist/schemas/execution.schema.json",
    "media/icons/kube-executions.svg",
    "media/examples/hello.yaml",
    "deploy/rbac.yaml",
  ]
  const has = (name: string) => files.some((file) => file.toLowerCase() === name.toLowerCase())
  assert.deepEqual(
    wanted.filter((name) => !has(name) && !has(`${name}.txt`)),
    [],
  )
  const stray = files.filter((file) =>
    /\.(ts|mts|map|vsix)$|^(test|bench|core|client|engine|server|node_modules|schemas)\//.test(
      file,
    ),
  )
  assert.deepEqual(stray, [])
})

test("a plain VS Code without a network installs it, checks a spec and draws its graph", async () => {
  const { page } = workbench()
  await workbench().openFile("several.yaml")
  await workbench().squiggle('There is no task "fecth": did you mean "fetch"?')
  await page.locator(".monaco-editor .codelens-decoration", { hasText: "Graph" }).first().waitFor()
  await workbench().runCommand("Kube Executions: Show Graph")
  const graph = await workbench().webview()
  await graph.locator("main[data-drawn]").waitFor()
  await workbench().screenshot("vsix")
  assert.equal(readFileSync(reached, "utf8"), "", "something looked beyond this machine")
})

/** `package` is what is published: minified. */
function run(script: string): void {
  const { status, stdout, stderr } = spawnSync("npm", ["run", script], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  })
  if (status !== 0) throw new Error(`npm run ${script} failed:\n${stdout}${stderr}`)
}

/** What VS Code has unpacked of it. */
function installed(): readonly string[] {
  const extensions = join(workbench().folder, "../extensions")
  const own = readdirSync(extensions).find((name) => name.startsWith("kube-executions."))
  assert.ok(own, "the package is not installed")
  const names = readdirSync(join(extensions, own), { recursive: true, encoding: "utf8" })
  return names.filter((name) => statSync(join(extensions, own, name)).isFile())
}

import { execFileSync, spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { buildSync } from "esbuild"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

// The bundle as it is shipped, on each Node of this machine: ours and those on the path.
const folder = mkdtempSync(join(tmpdir(), "kube-executions-cli-"))
const bundle = join(folder, "cli.js")

beforeAll(() => {
  buildSync({
    entryPoints: ["cli/nodeMain.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile: bundle,
  })
  writeFileSync(join(folder, "broken.yaml"), `kind: Execution\n${"#\n".repeat(50_000)}spec: [\n`)
})

afterAll(() => rmSync(folder, { recursive: true }))

describe.each(nodes())("Node %s", (_version, node) => {
  test("results on stdout, the exit code says that the spec failed", async () => {
    const { code, stdout, stderr } = await run(node, ["lint", folder, "--output", "json"])
    expect([code, stderr]).toEqual([1, ""])
    expect(JSON.parse(stdout)[0]).toMatchObject({
      file: `${folder}/broken.yaml`,
      severity: "error",
    })
  })

  test("a workflow is drawn and converted", async () => {
    const workflow = "test/fixtures/execution/diamond.yaml"
    const picture = await run(node, ["graph", workflow, "--output", "svg", "--unfold"])
    expect([picture.code, picture.stdout.slice(0, 4), picture.stderr]).toEqual([0, "<svg", ""])
    const json = await run(node, ["convert", workflow, "--to", "json"])
    expect(JSON.parse(json.stdout).kind).toBe("Execution")
  })

  test("every Job of a workflow is planned, with no cluster", async () => {
    const workflow = "test/fixtures/execution/diamond.yaml"
    const { code, stdout, stderr } = await run(node, ["plan", workflow, "-o", "json"])
    expect([code, stderr]).toEqual([0, ""])
    const names = JSON.parse(stdout).map((job: { metadata: { name: string } }) => job.metadata.name)
    expect(names).toEqual(["diamond.a.0", "diamond.b.0", "diamond.c.0", "diamond.d.0"])
  })

  test("what comes over a pipe is read to its end", async () => {
    const { code, stdout } = await run(node, ["lint", "-"], "kind: Execution\nspec: [\n")
    expect(code).toBe(1)
    expect(stdout).toMatch(/^<stdin>\n/)
  })

  test("wrong use is exit code 2, with the sentence on stderr", async () => {
    const { code, stdout, stderr } = await run(node, ["lint", "--ouput"])
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toMatch(/^"lint" has no option/)
  })

  test("a reader that closes the pipe early is no error", async () => {
    const child = spawn(node, [bundle, "--help"], { stdio: ["ignore", "pipe", "pipe"] })
    child.stdout.destroy()
    let stderr = ""
    child.stderr.on("data", (text) => {
      stderr += text
    })
    const code = await new Promise((resolve) => child.on("close", resolve))
    expect([code, stderr]).toEqual([0, ""])
  })
})

function run(node: string, args: string[], stdin = "") {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(node, [bundle, ...args])
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (text) => {
      stdout += text
    })
    child.stderr.on("data", (text) => {
      stderr += text
    })
    child.on("close", (code) => resolve({ code, stdout, stderr }))
    child.stdin.end(stdin)
  })
}

/** By version, each once; those too old for us aside. */
function nodes(): [string, string][] {
  const found = new Map<string, string>()
  const folders = (process.env.PATH ?? "").split(delimiter)
  for (const path of [process.execPath, ...folders.map((name) => join(name, "node"))]) {
    if (!existsSync(path)) continue
    const version = execFileSync(path, ["--version"], { encoding: "utf8" }).trim()
    if (Number(version.slice(1).split(".")[0]) >= 20 && !found.has(version))
      found.set(version, path)
  }
  return [...found]
}

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { problemCodes } from "#core/problem"

const manifest = JSON.parse(readFileSync("package.json", "utf8"))

test("every room that package.json names has a tsconfig, and each tsconfig is one that is checked", () => {
  const solution = JSON.parse(readFileSync("tsconfig.json", "utf8"))
  for (const { path } of solution.references) expect(existsSync(`${path}/tsconfig.json`)).toBe(true)
  for (const name of Object.keys(manifest.imports)) {
    expect(existsSync(`${name.slice(1, -2)}/tsconfig.json`)).toBe(true)
  }
  const rooms = readdirSync(".").filter((name) => existsSync(`${name}/tsconfig.json`))
  const checked = solution.references.map(({ path }: { readonly path: string }) => path)
  expect(rooms.sort()).toEqual(checked.sort())
})

test("the types of VS Code are those of the oldest VS Code we run in", () => {
  expect(`^${manifest.devDependencies["@types/vscode"]}`).toBe(manifest.engines.vscode)
})

test("problem codes are said once", () => {
  expect(new Set(problemCodes).size).toBe(problemCodes.length)
})

test("every string of the manifest that is translated is there, and no other", () => {
  const strings = JSON.parse(readFileSync("package.nls.json", "utf8"))
  const used = JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)
  const names = new Set(Array.from(used, ([, name]) => name ?? ""))
  expect([...names].sort()).toEqual(Object.keys(strings).sort())
})

test("every sentence of the manifest can be translated; only the name stays what it is", () => {
  const said: string[] = []
  const look = (value: unknown, key: string) => {
    if (typeof value === "string" && spoken.has(key)) said.push(value)
    if (typeof value !== "object" || value === null) return
    for (const [name, one] of Object.entries(value)) look(one, Array.isArray(value) ? key : name)
  }
  const { capabilities, contributes, description } = manifest
  look({ capabilities, contributes, description }, "")
  expect(said.length).toBeGreaterThan(100)
  expect(said.filter((one) => !/^%[\w.]+%$/.test(one) && one !== manifest.displayName)).toEqual([])
})

const spoken = new Set([
  "title",
  "description",
  "markdownDescription",
  "enumDescriptions",
  "name",
  "contents",
  "altText",
])

test("the examples that commands open are there, and each step of the walkthrough has its picture", () => {
  for (const name of ["hello.yaml", "with-a-mistake.yaml", "fan-out.yaml", "function.json"]) {
    expect(existsSync(`media/examples/${name}`), name).toBe(true)
  }
  for (const { media } of manifest.contributes.walkthroughs[0].steps) {
    expect(existsSync(media.svg), media.svg).toBe(true)
  }
})

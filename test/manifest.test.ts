import { existsSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { problemCodes } from "#core/problem"

const manifest = JSON.parse(readFileSync("package.json", "utf8"))

test("every room that package.json names has a tsconfig, and the other way round", () => {
  const solution = JSON.parse(readFileSync("tsconfig.json", "utf8"))
  for (const { path } of solution.references) expect(existsSync(`${path}/tsconfig.json`)).toBe(true)
  for (const name of Object.keys(manifest.imports)) {
    expect(existsSync(`${name.slice(1, -2)}/tsconfig.json`)).toBe(true)
  }
})

test("the types of VS Code are those of the oldest VS Code we run in", () => {
  expect(`^${manifest.devDependencies["@types/vscode"]}`).toBe(manifest.engines.vscode)
})

test("problem codes are said once", () => {
  expect(new Set(problemCodes).size).toBe(problemCodes.length)
})

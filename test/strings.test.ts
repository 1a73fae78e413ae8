import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"

const root = join(import.meta.dirname, "..")

test("every sentence of a panel is written where it is said, so that translators are given all of them", () => {
  const calls: string[] = []
  for (const path of readdirSync(join(root, "media"), { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts") || path.endsWith(".test.ts") || path.endsWith("words.ts")) continue
    const text = readFileSync(join(root, "media", path), "utf8")
    for (const [, argument = ""] of text.matchAll(/(?<![\w.])t\(\s*([^,)\n]+)/g)) {
      calls.push(argument)
    }
  }
  expect(calls.length).toBeGreaterThan(200)
  // The build takes the words of phases from their table.
  const others = calls.filter(
    (one) => !/^["']/.test(one) && !/^phaseLooks\[[^\]]+\]\.word$/.test(one),
  )
  expect(others).toEqual([])
})

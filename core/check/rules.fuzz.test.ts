import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { type Random, randomFrom } from "../../test/support/random.ts"
import { coloniesToExecution } from "../spec/convertColonies.ts"
import { toJsonText, toYamlText } from "../spec/convertText.ts"
import { expandGcs } from "../spec/gcs/expand.ts"
import { parse } from "../spec/parse.ts"
import { dialects } from "../workflow.ts"

const texts = dialects.flatMap((dialect) => {
  const folder = `test/fixtures/${dialect}/problems`
  return readdirSync(folder)
    .filter((name) => /\.(yaml|json)$/.test(name))
    .map((name) => ({ dialect, path: `${folder}/${name}`, name }))
})

const pieces = [
  "${",
  "}",
  "${1}${x}",
  "[]",
  "{}",
  "null",
  '""',
  "-1",
  "1e999",
  ".nan",
  "true",
  "[[[]]]",
  "__proto__: {}",
  "range(",
  "get_result(a,",
  'check_result("',
  "\u0000",
  "\ud800",
  "&a",
  "*a",
  "<<: *a",
  "\t",
  "\r\n",
  "---\n",
  "#",
]

function damaged(text: string, random: Random): string {
  const at = random.below(text.length)
  const length = random.oneIn(3) ? 0 : random.below(12)
  const put = random.oneIn(3) ? "" : random.pick(pieces)
  return text.slice(0, at) + put + text.slice(at + length)
}

test.each(texts)(
  "no rule and no conversion falls over $path, however it is damaged",
  ({ path, dialect }) => {
    const whole = readFileSync(path, "utf8")
    const random = randomFrom(whole.length)
    for (let round = 0; round < 25; round++) {
      let text = whole
      for (let turn = 0; turn < 3; turn++) text = damaged(text, random)
      for (const document of parse(text, `x.${dialect}.yaml`)) {
        for (const { span, code } of document.problems) {
          // Where a syntax error ends is the reader's affair.
          if (code === "syntax") continue
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.end).toBeGreaterThanOrEqual(span.start)
          expect(span.end).toBeLessThanOrEqual(text.length)
        }
        expandGcs(document.tree, { inputs: {}, tools: new Map(), name: "x" })
        coloniesToExecution(document.tree)
        toJsonText(document.tree)
        toYamlText(document.tree)
      }
    }
  },
)

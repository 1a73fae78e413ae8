import { expect, test } from "vitest"
import { plainMarkdown } from "./plainMarkdown.ts"

test("a sentence keeps its blanks, so that it is broken between words", () => {
  expect(plainMarkdown('"long" lost its process, and nobody saw how')).toBe(
    '"long" lost its process, and nobody saw how',
  )
})

test("what looks like Markdown or HTML stays text", () => {
  expect(plainMarkdown("<img src=x> [a](command:x) **b** `c` &lt;")).toBe(
    "&lt;img src\\=x&gt; \\[a\\]\\(command\\:x\\) \\*\\*b\\*\\* \\`c\\` &amp;lt;",
  )
  expect(plainMarkdown("    1. one\n# two\n---\n| a | b |")).toBe(
    "1\\. one\n\n\\# two\n\n\\-\\-\\-\n\n\\| a \\| b \\|",
  )
})

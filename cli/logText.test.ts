import { expect, test } from "vitest"
import { logText } from "./logText.ts"

test("a terminal sees tabs and colours of a log and is not steered by it; a file gets all as it is", () => {
  const lines = ["a\tb", "\u001b[31mred", "\u001b[2Jgone\u0007", "100%\r"]
  expect(logText("x | ", lines, true)).toBe(
    "x | a\tb\nx | \u001b[31mred\u001b[0m\nx | ␛[2Jgone␇\nx | 100%\n",
  )
  expect(logText("", lines, false)).toBe(`${lines.join("\n")}\n`)
})

import { expect, test } from "vitest"
import { visibleText } from "./visibleText.ts"

test("control characters are seen instead of obeyed", () => {
  expect(visibleText("\u001b[31mred\u001b[0m\u0007\u007f")).toBe("␛[31mred␛[0m␇␡")
  expect(visibleText("\u001b]8;;https://x\u001b\\link")).toBe("␛]8;;https://x␛\\link")
  expect(visibleText("\u009b1m")).toBe("[U+009B]1m")
})

test("nothing turns the direction of the text around it", () => {
  expect(visibleText("a\u202eb\u2066c\u200f")).toBe("a[U+202E]b[U+2066]c[U+200F]")
})

test("half characters and line breaks are signs of their own", () => {
  expect(visibleText("x\ud800y\nz\u2028")).toBe("x\ufffdy␊z[U+2028]")
})

test("what people write in any script stays as it is", () => {
  for (const text of ["align-α", "ねこ", "שלום", "👩‍🔬", "é"]) expect(visibleText(text)).toBe(text)
})

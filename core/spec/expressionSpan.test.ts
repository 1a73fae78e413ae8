import { expect, test } from "vitest"
import { readExactly } from "./exact.ts"
import { scanReferences } from "./expression.ts"
import { placesOf, spanInside } from "./expressionSpan.ts"
import { stringAt } from "./lookup.ts"

function command(text: string) {
  const node = stringAt(readExactly(text)[0]?.tree, "command")
  if (node === undefined) throw new Error("the text has no command")
  return node
}

test.each([
  ["command: a ${1} b ${x}", "${1}|${x}"],
  ['command: "a\\t${1}\\n${x}"', "${1}|${x}"],
  ["command: 'it''s ${x}'", "${x}"],
  ["command: |\n  a \\\n    ${1} ${x}\n", "${1}|${x}"],
  ["command: >-\n  a\n  ${x}\n\n  ${x}", "${x}|${x}"],
  ['command: "a ${b"', "${b"],
  ["command: |\n  a ${b\n  c\n", "${b"],
  // Escapes inside the braces: the whole scalar.
  ['command: "${\\x41}"', '"${\\x41}"'],
])("%j: each reference has its own place", (text, places) => {
  const node = command(text)
  const spans = scanReferences(node.value).map(placesOf(node))
  expect(spans.map(({ start, end }) => text.slice(start, end)).join("|")).toBe(places)
})

test.each([
  ["command: get_result(list)", "list"],
  ["command: 'get_result(list)'", "list"],
  ['command: "get_result(list)"', "list"],
  ['command: "get_\\x72esult(list)"', '"get_\\x72esult(list)"'],
])("%j: a stretch of a plain value has its place", (text, place) => {
  const { start, end } = spanInside(command(text), 11, 15)
  expect(text.slice(start, end)).toBe(place)
})

import { expect, test } from "vitest"
import { scanReferences, substitute, valueText } from "./expression.ts"

/** kind and text of each reference; "+" where it stands right behind the one before. */
function seen(text: string): string {
  return scanReferences(text)
    .map((r) => `${r.adjacent ? "+" : ""}${r.kind} ${text.slice(r.start, r.end)}`)
    .join(", ")
}

test.each([
  ["plain $x $(y) {z}", ""],
  ["a ${1} b ${item} c ${lane}", "row ${1}, item ${item}, name ${lane}"],
  ["${a}${b}", "name ${a}, +name ${b}"],
  ["${1}${2}${3}", "row ${1}, +row ${2}, +row ${3}"],
  ["${}", "name ${}"],
  ["$${a}", "name ${a}"],
  ["${-1} ${0} ${01}", "name ${-1}, row ${0}, row ${01}"],
  ["${a ${b}", "name ${a ${b}"],
  ["x ${abc", "unterminated ${abc"],
  ["${a} ${", "name ${a}, unterminated ${"],
  ["$", ""],
])("%j", (text, expected) => {
  expect(seen(text)).toBe(expected)
})

const values: Readonly<Record<string, string>> = { a: "A", b: "${a}", "1": "one", "2": "two" }

test.each([
  ["${a}${1}", "Aone"],
  ["${1}${2}${3}", "onetwo${3}"],
  ["${b}", "${a}"],
  ["$${a}", "$A"],
  ["${x} ${a}", "${x} A"],
  ["${a", "${a"],
  ["", ""],
])("%j is filled in as %j", (text, expected) => {
  expect(substitute(text, (r) => values[r.name])).toBe(expected)
})

test.each([
  ["s1", "s1"],
  [1, "1"],
  [1e21, "1000000000000000000000"],
  [1.5e-7, "0.00000015"],
  [-2.5e22, "-25000000000000000000000"],
  [true, "true"],
  [null, "null"],
  [["a", 1], '["a",1]'],
  [{ k: "<&>" }, '{"k":"\\u003c\\u0026\\u003e"}'],
  [{ b: [{ d: 1, c: 2 }], a: "\u2028" }, '{"a":"\\u2028","b":[{"c":2,"d":1}]}'],
])("%j in a command is %j", (value, expected) => {
  expect(valueText(value)).toBe(expected)
})

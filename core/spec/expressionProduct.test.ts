import { expect, test } from "vitest"
import { fillCommand, product, productSize } from "./expressionProduct.ts"

test.each([
  [[[1, 2], [3, 4], [5]], "1 3 5, 1 4 5, 2 3 5, 2 4 5"],
  [[["a", "b"]], "a, b"],
  [[["a"], []], ""],
  [[], ""],
])("the first row of %j is the slowest", (rows, expected) => {
  const all = [...product(rows)]
  expect(all.map((choice) => choice.join(" ")).join(", ")).toBe(expected)
  expect(productSize(rows)).toBe(all.length)
})

test("no rows leave one choice, of nothing", () => {
  expect([...product([])]).toEqual([[]])
})

test.each([
  ["map.sh ${1} lane${2} > ${item}.bam", ["s1", 2], 3, "map.sh s1 lane2 > 3.bam"],
  ["${1}${2}", ["a", "b"], 0, "ab"],
  ["${0} ${3} ${HOME}", ["a", "b"], 0, "${0} ${3} ${HOME}"],
  ["${01}", ["a"], 0, "${01}"],
])("%j", (command, columns, item, expected) => {
  expect(fillCommand(command, columns, item)).toBe(expected)
})

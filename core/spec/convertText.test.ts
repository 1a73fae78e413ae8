import { expect, test } from "vitest"
import { countComments, toJsonText, toYamlText, writeYaml } from "./convertText.ts"
import { readExactly } from "./exact.ts"
import { type TreeNode, toValue } from "./tree.ts"

function treeOf(text: string): TreeNode {
  const tree = readExactly(text)[0]?.tree
  if (tree === undefined) throw new Error("nothing can be read")
  return tree
}

const yaml = `b: 1
a:
  "10": x
  "2": [1, two, null, true]
empty: {}
none: []
big: 12345678901234567890
version: 1.10
text: "yes"
multi: |
  one
  two
`

test("YAML becomes JSON with its keys in order and its digits as they were", () => {
  expect(toJsonText(treeOf(yaml))).toBe(`{
  "b": 1,
  "a": {
    "10": "x",
    "2": [
      1,
      "two",
      null,
      true
    ]
  },
  "empty": {},
  "none": [],
  "big": 12345678901234567890,
  "version": 1.10,
  "text": "yes",
  "multi": "one\\ntwo\\n"
}
`)
})

test("JSON becomes YAML with its keys in order and its digits as they were", () => {
  const back = toYamlText(treeOf(toJsonText(treeOf(yaml))))
  expect(back).toBe(`b: 1
a:
  "10": x
  "2":
    - 1
    - two
    - null
    - true
empty: {}
none: []
big: 12345678901234567890
version: 1.10
text: yes
multi: |
  one
  two
`)
})

test.each([
  "a: 0x1F\nb: .inf\nc: -1e3\nd: 0.5",
  "- 1\n- [a, {b: c}]",
  "plain",
  "a: '123'\nb: 'true'\nc: 'null'\nd: '~'\ne: '1e3'\nf: ''\ng: ' x '",
  "a: 1\na: 2",
  "__proto__: {x: 1}",
])("%j says the same in both forms", (text) => {
  const tree = treeOf(text)
  const there = treeOf(toJsonText(tree))
  const back = treeOf(toYamlText(there))
  expect(toValue(back)).toEqual(toValue(there))
  if (!text.includes(".inf")) expect(toValue(there)).toEqual(toValue(tree))
})

test.each([
  ["a: 1 # one\n# two\nb: [1, # three\n 2]\n", 3],
  ["# one\n---\n# two\na: 'x # y'\n", 2],
  ["a: |\n  # text\nb: 1", 0],
  ['{"a": "#"}', 0],
])("%j has %d comments", (text, count) => {
  expect(countComments(text)).toBe(count)
})

test("a plain value is written without anchors, however often a part of it is used", () => {
  const part = { a: 1 }
  expect(writeYaml({ x: part, y: part })).toBe("x:\n  a: 1\ny:\n  a: 1\n")
})

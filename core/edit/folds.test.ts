import { expect, test } from "vitest"
import { SpecFile } from "../spec/specFile.ts"
import { folds } from "./folds.ts"
import { applied } from "./format.ts"
import { indentAfter } from "./indentAfter.ts"
import { selectionAt } from "./selection.ts"

test("keys, items, texts, brackets and comments fold to their last line", () => {
  const text =
    "# a\n# b\nspec:\n  tasks:\n  - name: a\n    run: |\n      x\n\n      y\n  - name: b\n    c: [\n      1\n    ]\n\nend: 1\n"
  expect(folds(text).map(({ start, end }) => `${start}-${end}`)).toEqual([
    "0-1",
    "2-12",
    "3-12",
    "4-8",
    "5-8",
    "9-12",
    "10-11",
  ])
})

test("JSON folds so that its closing brackets stay in sight", () => {
  expect(
    folds('{\n  "a": [\n    1\n  ],\n  "b": {}\n}\n').map(({ start, end }) => [start, end]),
  ).toEqual([
    [0, 4],
    [1, 2],
  ])
})

test("a selection grows from the word to the document", () => {
  const head = "apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\nspec:\n  tasks:\n"
  const text = `${head}  - name: a\n    image: "b"\n    type: Job\n`
  const file = new SpecFile(text, "")
  file.work(() => false)
  const lines = text.split("\n")
  const shown = selectionAt(file, { line: 5, character: 12 }).map(({ start, end }) =>
    start.line === end.line
      ? lines[start.line]?.slice(start.character, end.character)
      : `${start.line}:${start.character}-${end.line}:${end.character}`,
  )
  expect(shown).toEqual(["0:0-7:0", "4:2-6:13", "4:4-6:13", 'image: "b"', '"b"', "b"])
})

test.each([
  ["  - name: a  \n  |", "  - name: a\n    |"],
  ["tasks:\n|", "tasks:\n  |"],
  ["  commandSet:\n  - ls\n|", "  commandSet:\n  - ls\n  |"],
  ["  run: |2\n  |", "  run: |2\n    |"],
  ["a: |\n  text  \n  |", "a: |\n  text  \n  |"],
  ["a: 1\n| b", "a: 1\n| b"],
])("after Enter %j becomes %j", (before, after) => {
  const at = before.lastIndexOf("|")
  const text = before.slice(0, at) + before.slice(at + 1)
  const wish = after.slice(0, after.lastIndexOf("|")) + after.slice(after.lastIndexOf("|") + 1)
  expect(applied(text, indentAfter(text, at))).toBe(wish)
})

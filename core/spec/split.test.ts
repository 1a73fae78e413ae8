import { expect, test } from "vitest"
import { execution } from "./execution.ts"
import { functionSpec } from "./function.ts"
import { gcs } from "./gcs.ts"
import { split, splitDocuments } from "./split.ts"

/** The first line of each task, then the first line behind them. */
function found(text: string, reader = execution): readonly string[] | undefined {
  const result = split(text, reader)
  if (!result) return undefined
  return [...result.starts, result.end].map((at) => (text.slice(at).split("\n")[0] ?? "").trim())
}

const head = "kind: Execution\nspec:\n  parallelism: 1\n  tasks:\n"

test.each([
  [
    "- dashes under the key",
    "  - name: a\n    x: 1\n  - name: b\n",
    ["- name: a", "- name: b", ""],
  ],
  ["deeper dashes", "    - name: a\n    - name: b\n", ["- name: a", "- name: b", ""]],
  ["a key behind them", "  - name: a\n  other: 1\n", ["- name: a", "other: 1"]],
  [
    "a list behind them",
    "  - name: a\n  tolerations:\n  - key: b\n",
    ["- name: a", "tolerations:"],
  ],
  ["a block behind them", "  - name: a\nother:\n  more: 1\n", ["- name: a", "other:"]],
  ["comments between", "  # one\n  - a: 1\n# two\n\n  - b: 1\n", ["- a: 1", "- b: 1", ""]],
  ["a block scalar inside", "  - a: |\n     - b\n  - c: 1\n", ["- a: |", "- c: 1", ""]],
])("tasks are told by indentation: %s", (_, text, wish) => {
  expect(found(head + text)).toEqual(wish)
})

test.each([
  ["a line without its indentation", "  - a: 1\nb: 2\n    c: 3\n  - d: 1\n"],
  ["words at the start of a line", "  - a: 1\nwords\n  - d: 1\n"],
  ["a key without its indentation", "  - a: 1\nb:\n    - 2\n  - d: 1\n"],
  ["a dash without its indentation", "  - a: 1\n- b: 2\n  - d: 1\n"],
  ["an open quote", '  - a: "1\n    b: 2\n  - d: 1\n'],
])("a mistake in one task leaves the next where it is: %s", (_, text) => {
  expect(found(head + text)).toEqual(
    ["- a: 1", "- d: 1", ""].map((line, i) =>
      i === 0 ? text.slice(4, text.indexOf("\n", 4)).replace(/^/, "- ") : line,
    ),
  )
})

test("of a key written twice the last counts, as for every reader of these files", () => {
  expect(found(`${head}  - a: 1\n  tasks:\n  - b: 1\n`)).toEqual(["- b: 1", ""])
})

test("jobs of a gcs workflow are the keys of a map", () => {
  const text =
    "version: genecontainer_0_1\nworkflow:\n  a:\n    tool: x\n  b:\n    tool: y\nvolumes: {}\n"
  expect(found(text, gcs)).toEqual(["a:", "b:", "volumes: {}"])
})

test("JSON is divided where each task has lines of its own, and read whole where not", () => {
  const spec = { kind: "Execution", spec: { tasks: [{ name: "a", x: {} }, { name: "b" }] } }
  expect(found(JSON.stringify(spec, null, 2))).toEqual(["{", "{", "]"])
  expect(found(JSON.stringify(spec))).toBeUndefined()
  expect(found("funcname: a\nconditions: {}\n", functionSpec)).toBeUndefined()
})

test("documents begin at --- and behind ...", () => {
  expect(splitDocuments("a: 1\n---\nb: 1\n...\nc: 1\n --- \n")).toEqual([0, 5, 18])
  expect(splitDocuments("")).toEqual([0])
})

import { expect, test } from "vitest"
import { randomFrom } from "../../test/support/random.ts"
import { randomYaml } from "../../test/support/randomYaml.ts"
import { readExactly } from "./exact.ts"
import { read } from "./reader.ts"
import { toValue } from "./tree.ts"

/** Both readers on one text; the fast one may only be silent where it is not certain. */
function compare(text: string): "equal" | "not certain" {
  const { tree, stoppedAt } = read(text)
  if (stoppedAt !== undefined) return "not certain"
  const exact = readExactly(text)
  expect(exact.length, JSON.stringify(text)).toBeLessThanOrEqual(1)
  expect(exact[0]?.problems ?? [], JSON.stringify(text)).toEqual([])
  expect(tree, JSON.stringify(text)).toEqual(exact[0]?.tree)
  return "equal"
}

test.each([
  "",
  "# only a comment\n",
  "a: 1\n",
  "a:\n",
  "a: # why\n",
  "a:\n  # why\nb: 2\n",
  "a:\n- 1\n- x: 2\n  y: 'it''s'\n-\n- # c\n- - n\nb: {c: [1, \"\\u00e9\"], d: {}}\n",
  "a: |\n  one\n   two\n\n  three\nb: >-\n  four\n  five\n\n  six\n   seven\n  eight\nc: d\n",
  '{"a": [1, 2.5e3, null, true, "x"], "b": {}}',
  '{\n\t"a": [\n\t\t1\n\t]\n}\n',
  "a: 1\r\nb:\r\n  - c # d\r\n",
  "---\na: [\n  b, # c\n  d,\n ]\n",
  "\ufeffa: 1\n",
  "a: 0777\nb: 0x1F\nc: 0o17\nd: yes\ne: ~\nf: -.inf\ng: 1.\nh: +1\ni: 1e3\n",
  "- a: b\n  c:\n  - d\n- e\n",
  "\"a\" : 1\n'b': 2\n? :\n",
])("what the fast reader answers is what the exact one answers: %j", (text) => {
  compare(text)
})

test("what people write in specs is read fast", () => {
  const text = [
    "apiVersion: execution.kubegene.io/v1alpha1",
    "kind: Execution # ours",
    "metadata: {name: x, labels: {a: 'b'}}",
    "spec:",
    "  tasks:",
    "  - name: a",
    "    image: registry:5000/a/b@sha256:00",
    "    commandSet:",
    '    - "echo > /d/x:y #no"',
    "    - |",
    "      set -e",
    "      echo b",
    "    dependents: [{target: b, type: whole}]",
    "",
  ].join("\n")
  expect(compare(text)).toBe("equal")
  expect(toValue(read(text).tree ?? expect.fail())).toMatchObject({ metadata: { name: "x" } })
})

test("on random YAML the two readers agree, or the fast one says that it is not certain", () => {
  let equal = 0
  const rounds = 4000
  for (let seed = 0; seed < rounds; seed++) {
    if (compare(randomYaml(randomFrom(seed))) === "equal") equal++
  }
  // The comparison means something only while most texts are answered.
  expect(equal).toBeGreaterThan(rounds / 4)
})

import { expect, test } from "vitest"
import { randomFrom } from "../../test/support/random.ts"
import { randomSpec } from "../../test/support/randomSpec.ts"
import { randomYaml } from "../../test/support/randomYaml.ts"
import { parse } from "../spec/parse.ts"
import { toValue } from "../spec/tree.ts"
import { applied, format, formatLines } from "./format.ts"

function check(before: string, after: string): void {
  const once = applied(before, format(before))
  expect(once).toBe(after)
  expect(format(once)).toEqual([])
}

test("levels are two blanks apart, and comments go with what they stand beside", () => {
  check(
    [
      "# about",
      "spec:   ",
      "    parallelism:   4  # why",
      "    # the tasks",
      "    tasks:",
      "        # one",
      "        -   name: a",
      "            image: x",
      "            # its commands",
      "            commandSet:",
      "                - ls   ",
      "    # at the end",
      "",
      "",
    ].join("\n"),
    [
      "# about",
      "spec:",
      "  parallelism: 4  # why",
      "  # the tasks",
      "  tasks:",
      "    # one",
      "    - name: a",
      "      image: x",
      "      # its commands",
      "      commandSet:",
      "        - ls",
      "  # at the end",
      "",
    ].join("\n"),
  )
})

test("lists stand as most of them do", () => {
  check("a:\n- 1\nb:\n- 2\nc:\n   - 3\n", "a:\n- 1\nb:\n- 2\nc:\n- 3\n")
  check("a:\n- 1\nb:\n  - 2\nc:\n   - 3\n", "a:\n  - 1\nb:\n  - 2\nc:\n  - 3\n")
})

test("what a block text says stays, its own indentation and blanks at its ends among it", () => {
  check(
    "a:\n    b: |\n        one  \n          two\n\n        three\n    # c\n    d: >2-\n       x\n",
    "a:\n  b: |\n    one  \n      two\n\n    three\n  # c\n  d: >2-\n     x\n",
  )
})

test("anchors, tags, merges, brackets and quotes over several lines stay as they are", () => {
  check(
    'a: &x\n    b: !!str 1\nc:\n    <<: *x\n    d: [1,\n        2, # two\n        "a\n         b"]\n',
    'a: &x\n  b: !!str 1\nc:\n  <<: *x\n  d: [1,\n      2, # two\n      "a\n       b"]\n',
  )
})

test("JSON has each value on a line", () => {
  check(
    '{"a":[1,2.50,{}],\n\n  "b" : "x: {y}" }',
    '{\n  "a": [\n    1,\n    2.50,\n    {}\n  ],\n  "b": "x: {y}"\n}\n',
  )
})

test("a text with a mistake is left alone", () => {
  for (const text of ["a: [1\nb:   2", "a:\n\t- 1\n", "a: *no\n  b:   1\n"])
    expect(format(text)).toEqual([])
})

test("some lines alone are laid out where that says the same", () => {
  const text = "a:   1\nb:   2\nc:\n    d:   3\n    e:   4\n"
  expect(applied(text, formatLines(text, 1, 1))).toBe("a:   1\nb: 2\nc:\n    d:   3\n    e:   4\n")
  expect(formatLines(text, 3, 3)).toEqual([])
})

test("laying out twice is laying out once, the model stays, and so does every comment and anchor", () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = randomFrom(seed)
    const text = random.oneIn(3) ? randomYaml(random) : randomSpec(random)
    const once = applied(text, format(text))
    expect(applied(once, format(once)), text).toBe(once)
    expect(model(once), text).toEqual(model(text))
    expect(marks(once), text).toEqual(marks(text))
  }
}, 60_000)

function model(text: string): unknown {
  return parse(text).map(({ tree, problems }) => [
    toValue(tree),
    problems.map(({ message }) => message),
  ])
}

/** Everything but blanks and line ends, where no JSON is laid out. */
function marks(text: string): string {
  return text.replace(/\s+/g, "")
}

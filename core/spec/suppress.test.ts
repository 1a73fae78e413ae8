import { expect, test } from "vitest"
import { parse } from "./parse.ts"
import { isSwitchedOff } from "./suppress.ts"

test.each([
  ["# executions-disable-next-line", true],
  ["    # executions-disable-next-line cycle", true],
  ["# executions-disable-next-line syntax, cycle\r\n", true],
  ["# executions-disable-next-line syntax", false],
  ["# executions-disable-next-lines", false],
  ["a: b # executions-disable-next-line cycle", false],
])("%j switches a cycle off: %s", (line, isOff) => {
  expect(isSwitchedOff("cycle", line)).toBe(isOff)
})

test("a code that is none is told, with the nearest that is one", () => {
  const text = [
    "apiVersion: execution.kubegene.io/v1alpha1",
    "kind: Execution",
    "# executions-disable-next-line xyzzy",
    "metadata: {name: x}",
    "spec:",
    "  tasks:",
    "  - name: a",
    "    # executions-disable-next-line cycle, portabilty",
    "    type: Job",
    "    image: busybox",
    "    commandSet: [ls]",
    "",
  ].join("\n")
  const problems = parse(text, "x.yaml").flatMap((document) => document.problems)
  expect(problems.map(({ span, message }) => [text.slice(span.start, span.end), message])).toEqual([
    [
      "xyzzy",
      'There is no mistake with the code "xyzzy": write the code that stands behind the mistake, or none to switch off all of them.',
    ],
    ["portabilty", 'There is no mistake with the code "portabilty": did you mean "portability"?'],
  ])
})

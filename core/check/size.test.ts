import { expect, test } from "vitest"
import { parse } from "../spec/parse.ts"

function problems(tasks: string, code: string): readonly string[] {
  const text = `kind: Execution\nmetadata: {name: x}\nspec:\n  tasks:\n${tasks}`
  return parse(text).flatMap((document) =>
    document.problems
      .filter((problem) => problem.code === code)
      .map(({ severity, message, span }) => {
        return `${severity} at ${text.slice(span.start, span.end)}: ${message}`
      }),
  )
}

const numbers = (count: number) => `[${Array.from({ length: count }, (_, i) => i).join(", ")}]`
const task = (rows: string) =>
  `  - {name: a, type: Job, image: b, commandsIter: {command: "c $\{1}", varsIter: [${rows}]}}\n`

test("a task that becomes many Jobs says how many", () => {
  expect(problems(task(numbers(999)), "fan-out")).toEqual([])
  expect(problems(task(`${numbers(100)}, ${numbers(10)}`), "fan-out")).toEqual([
    'info at a: "a" becomes 1,000 Jobs.',
  ])
  expect(problems(task(`${numbers(100)}, ${numbers(200)}`), "fan-out")).toEqual([
    'warning at a: "a" becomes 20,000 Jobs: more than most clusters keep at a time.',
  ])
})

test("an Execution that Kubernetes would not keep is told by its size as JSON", () => {
  const long = (bytes: number) =>
    `  - {name: a, type: Job, image: b, commandSet: ["${"x".repeat(bytes)}"]}\n`
  expect(problems(long(1_570_000), "too-large")).toEqual([])
  expect(problems(long(1_573_000), "too-large")).toEqual([
    "error at tasks: This Execution takes about 1.5 MiB and Kubernetes keeps at most 1.5 MiB: let one task make many steps (commandsIter), or split the workflow.",
  ])
})

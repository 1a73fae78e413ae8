import { expect, test } from "vitest"
import { parse } from "./parse.ts"
import { SpecFile } from "./specFile.ts"

const text = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: x}
x-image: &image busybox
spec:
  tasks:
  - &base
    name: a
    type: Job
    image: *image
    commandSet: [ls]
  - <<: *base
    name: b
    dependents: &after [{target: a, type: whole}]
  - name: c
    <<: *base
    dependents: *after
`

const summary = (file: SpecFile) =>
  file.documents().flatMap(({ workflow, problems }) => [
    ...workflow.tasks.map(({ name, dependencies }) => {
      return `${name?.value}: ${dependencies.map(({ target }) => target.value)}`
    }),
    ...problems.filter(({ code }) => code !== "unknown-key").map(({ message }) => message),
  ])

test("an alias means the last anchor before it, in whatever task, and merge keys are filled in", () => {
  expect(summary(new SpecFile(text, "x.yaml"))).toEqual(["a: ", "b: a", "c: a"])
})

test("an alias follows its anchor when that changes, comes or goes", () => {
  const file = new SpecFile(text, "x.yaml")
  const target = { start: { line: 13, character: 33 }, end: { line: 13, character: 34 } }
  file.edit(target.start, target.end, "b")
  expect(summary(file)).toEqual(["a: ", "b: b", "c: b", '"b" waits for itself.'])
  file.edit({ line: 13, character: 16 }, { line: 13, character: 23 }, "")
  expect(summary(file)).toEqual([
    "a: ",
    "b: b",
    "c: ",
    '"b" waits for itself.',
    'No anchor "&after" stands before this "*after".',
  ])
})

test("an alias that repeats too much is refused where it stands", () => {
  const levels = Array.from({ length: 6 }, (_, i) => {
    return `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]\n`
  })
  const bomb = `kind: Execution\na0: &a0 [x]\n${levels.join("")}`
  const messages = parse(bomb).flatMap(({ problems }) => problems.map(({ message }) => message))
  expect(messages).toContain("Aliases repeat more than 10000 values in this text.")
})

import { expect, test } from "vitest"
import { parse } from "./parse.ts"

/** What is said of a file, each with the text it is said of. */
function said(text: string, path: string): readonly string[] {
  return parse(text, path).flatMap(({ problems }) =>
    problems.map(({ severity, message, span }) => {
      return `${severity} ${JSON.stringify(text.slice(span.start, span.end))} ${message}`
    }),
  )
}

const tasks = (end: string) => `[
  {"nodename": "a", "funcname": "execute", "conditions": {"colonyname": "dev", "executortype": "cli"}},
  {"nodename": "b", "funcname": "execute", "conditions": {"colonyname": "dev", "executortype": "cli"}}${end}
]
`

const refused = "Colonies refuses the file."

test("a comma behind the last task of a list is told", () => {
  expect(said(tasks(""), "w.json")).toEqual([])
  expect(said(tasks(","), "w.json")).toEqual([`error "," JSON has no comma before ]: ${refused}`])
})

test("the same text is right where it is to be YAML", () => {
  expect(said(tasks(","), "w.yaml")).toEqual([])
})

test.each([
  ['"cmd": "ls",', '","', "JSON has no comma before } or ]"],
  ["\"cmd\": 'l''s'", "\"'l''s'\"", "JSON writes text in double quotes"],
  ['"cmd": ls', '"ls"', "JSON writes text in double quotes"],
  ['cmd: "ls"', '"cmd"', "JSON writes text in double quotes"],
  ['"cmd": "ls" # list', '"# list"', "JSON has no comments"],
])("in a function spec: %s", (kwargs, place, sentence) => {
  const text = `{
  "conditions": {"colonyname": "dev", "executortype": "cli"},
  "funcname": "execute",
  "kwargs": {${kwargs}
  }
}
`
  expect(said(text, "f.json")).toEqual([`error ${place} ${sentence}: ${refused}`])
})

test("what stands in quotes is text, whatever it looks like", () => {
  const text = `{
  "conditions": {"colonyname": "dev", "executortype": "cli"},
  "funcname": "execute",
  "kwargs": {"cmd": "echo '#' // \\" ,] ,}", "n": -1.5e3, "on": true}
}
`
  expect(said(text, "f.json")).toEqual([])
})

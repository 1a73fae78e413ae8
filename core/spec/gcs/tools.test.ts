import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { readExactly } from "../exact.ts"
import { missingTool, readTool, type ToolReading } from "./tools.ts"

function read(text: string): readonly ToolReading[] {
  return readExactly(text).flatMap(({ tree }) => (tree === undefined ? [] : [readTool(tree)]))
}

test("a tool file holds tools by name and version, in capitals or not", () => {
  const readings = read(readFileSync("test/fixtures/tools/n.yaml", "utf8"))
  expect(readings.map(({ tool }) => tool)).toEqual([
    { key: "n:1", image: "busybox:1.36" },
    undefined,
    { key: "broadinstitute/gatk:4.10", image: "broadinstitute/gatk:4.1.0.0" },
  ])
  expect(readings.flatMap(({ problems }) => problems.map(({ message }) => message))).toEqual([
    "genectl reads 4.10 as the number 4.1: put it in quotes.",
  ])
})

test.each([
  ["version: '1'\nimage: x", "A tool needs a name"],
  ["name: n\nimage: x", "A tool needs a version"],
  ["name: n\nversion: '1'\nimage: ''", "A tool needs an image"],
])("%j is no tool", (text, message) => {
  const [reading] = read(text)
  expect(reading?.tool).toBeUndefined()
  expect(reading?.problems[0]?.message).toContain(message)
})

test.each([
  [
    [],
    'No tool file has "bwa:1": there are no tool files. They are looked for in folders "tools" beside the workflow and above it and in ~/kubegene/tools; the command line takes them from another folder with --tool-repo.',
  ],
  [["bwa:2"], 'No tool file has "bwa:1": did you mean "bwa:2"?'],
  [["gatk:4"], 'No tool file has "bwa:1": there is 1 other.'],
])("a tool that is missing among %j", (known, sentence) => {
  expect(missingTool("bwa:1", new Map(known.map((key) => [key, "x"])))).toBe(sentence)
})

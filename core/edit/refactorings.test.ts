import { expect, test } from "vitest"
import { SpecFile } from "../spec/specFile.ts"
import { toValue } from "../spec/tree.ts"
import { edited } from "./rangeEdit.ts"
import { refactorings } from "./refactorings.ts"

/** Every way to write a text another way at the place between `«` and `»`. */
function ways(marked: string, path = "x.yaml") {
  const text = marked.replaceAll(/[«»]/g, "")
  const file = read(text, path)
  const start = file.positionAt(Math.max(0, marked.indexOf("«")))
  const end = file.positionAt(Math.max(0, marked.indexOf("»") - 1))
  return new Map(
    refactorings(file, { start, end }, path, true).map(({ title, edits }) => [
      title,
      edited(text, edits),
    ]),
  )
}

function read(text: string, path: string): SpecFile {
  const file = new SpecFile(text, path)
  file.work(() => false)
  return file
}

const execution =
  "apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\nmetadata:\n  name: w\nspec:\n  tasks:\n"

test.each([
  [["ls a1.fq", "ls b.fq"], { command: "ls ${1}.fq", varsIter: [["a1", "b"]] }],
  [
    ["map s-1 > s-1.bam", "map s-2 > s-2.bam"],
    { command: "map s-${1} > s-${1}.bam", varsIter: [["1", "2"]] },
  ],
  [
    ["x a 1", "x a 2", "x b 1", "x b 2"],
    {
      command: "x ${1} ${2}",
      varsIter: [
        ["a", "b"],
        ["1", "2"],
      ],
    },
  ],
  // In another order the rows would give other commands, and these differ in their length.
  [["x a 1", "x b 2"], undefined],
  [["x a", "x b c"], undefined],
  [["x ${1}", "x b"], undefined],
  [["x a"], undefined],
])("%j become one command with rows: %j", (commands, iter) => {
  const text = `${execution}  - name: a\n    type: Job\n    image: b\n    «»commandSet: ${JSON.stringify(commands)}\n    backoffLimit: 1\n`
  const after = ways(text).get(`Write these ${commands.length} commands as one with rows`)
  if (iter === undefined) {
    expect(after).toBe(undefined)
    return
  }
  const [document] = read(after ?? "", "").documents()
  expect(document?.problems.filter(({ severity }) => severity !== "hint")).toEqual([])
  expect(
    toValue(document?.tree ?? { kind: "seq", span: { start: 0, end: 0 }, items: [] }),
  ).toHaveProperty("spec.tasks.0.commandsIter", iter)
  expect(after).toContain("    backoffLimit: 1\n")
})

test("a list of commands with a comment in it stays a list", () => {
  const text = `${execution}  - name: a\n    image: b\n    «»commandSet:\n    - ls a # why\n    - ls b\n`
  expect([...ways(text).keys()]).toEqual(["Write this file as JSON (1 comment goes)"])
})

test("YAML becomes JSON and JSON YAML; what is lost is said", () => {
  const yaml = `${execution}  - name: a # one\n    image: &i b:1.10\n    commandSet: ["ls"]\n  - name: c\n    image: *i\n    commandSet: ["ls"]\n`
  const json = ways(yaml).get(
    "Write this file as JSON (1 comment goes, what aliases repeat is written out)",
  )
  expect(json).toContain('"image": "b:1.10"')
  const back = ways(json ?? "", "x.json").get("Write this file as YAML")
  const value = (text: string) =>
    read(text, "")
      .documents()
      .map(({ tree }) => toValue(tree))
  expect(value(back ?? "")).toEqual(value(yaml))
})

test("a function spec becomes an Execution called after its file", () => {
  const spec = {
    conditions: {
      executortype: "k",
      cpu: "500m",
      nodes: 1,
      processespernode: 1,
      mem: "1Gi",
      walltime: 60,
    },
    funcname: "execute",
    kwargs: { "docker-image": "b", cmd: "ls" },
    maxexectime: 50,
  }
  const made = ways(`${JSON.stringify(spec)}\n`, "file:///w/hello.function.json").get(
    "Write this file as a KubeGene Execution",
  )
  const [document] = read(made ?? "", "").documents()
  expect([document?.dialect, document?.workflow.name?.value, document?.problems]).toEqual([
    "execution",
    "hello",
    [],
  ])
})

test("the selected part of a text becomes an input", () => {
  const job = "workflow:\n  a:\n    tool: t:1\n    commands:\n    - ls «/data/x»/y\n"
  const title = 'Make "/data/x" an input'
  const used = job.replace("«/data/x»", "${value}")
  expect(ways(`version: genecontainer_0_1\n${job}`).get(title)).toBe(
    `version: genecontainer_0_1\ninputs:\n  value: { type: string, default: "/data/x" }\n${used}`,
  )
  expect(
    ways(`version: genecontainer_0_1\ninputs:\n  value: { type: string, default: a }\n${job}`).get(
      title,
    ),
  ).toBe(
    `version: genecontainer_0_1\ninputs:\n  value-2: { type: string, default: "/data/x" }\n  value: { type: string, default: a }\n${used.replace("value", "value-2")}`,
  )
})

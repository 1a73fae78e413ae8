import { expect, test } from "vitest"
import { SpecFile } from "#core/spec/specFile"
import { causes } from "./causes.ts"
import { codeLenses } from "./codeLens.ts"
import { inputs } from "./inputs.ts"
import { planDocument } from "./plan.ts"
import { specPicture } from "./specPicture.ts"
import { toolImages } from "./toolImages.ts"

const spec = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: two}
spec:
  tasks:
    - name: a
      type: Job
      image: busybox
      resources: {memory: 8Gi}
      commandSet: ["echo A", "echo B"]
    - name: b
      type: Job
      image: busybox
      commandsIter:
        command: "echo \${1}"
        varsIter: [[1, 2, 3]]
      dependents: [{target: a, type: whole}]
`
const file = (text: string, path = "e.yaml") => {
  const made = new SpecFile(text, path)
  made.work(() => false)
  return made
}

test("a picture has each task at its lines, and a hash that only its own text changes", () => {
  const [before] = specPicture(file(spec))
  expect(before).toMatchObject({ name: "two", jobs: 5, orMore: false, errors: 0, firstLine: 0 })
  expect(before?.tasks.map(({ name, nameLine, lastLine }) => [name, nameLine, lastLine])).toEqual([
    ["a", 5, 9],
    ["b", 10, 16],
  ])
  const [after] = specPicture(file(`# a comment\n${spec.replace("8Gi", "16Gi")}`))
  expect(after?.tasks[0]?.hash).not.toBe(before?.tasks[0]?.hash)
  expect(after?.tasks[1]?.hash).toBe(before?.tasks[1]?.hash)
})

test("the same task has the same hash after an edit above it and when the file is read anew", () => {
  const edited = file(spec)
  edited.edit({ line: 8, character: 27 }, { line: 8, character: 28 }, "9")
  edited.work(() => false)
  expect(specPicture(edited)).toEqual(specPicture(file(edited.text())))
})

test("a cause is the smallest stretch of text that made the step fail", () => {
  const wanted = [
    { task: "a", step: 1, field: "memory" },
    { task: "a", step: 1, field: "command" },
    { task: "b", step: 2, field: "command" },
    { task: "b", step: 0, field: undefined },
    { task: "gone", step: 0, field: "image" },
  ]
  const lines = spec.split("\n")
  const found = causes(file(spec), 0, wanted).map(
    (cause) => cause && lines[cause.start.line]?.slice(cause.start.character, cause.end.character),
  )
  expect(found).toEqual(["8Gi", '"echo B"', '"echo ${1}"', "b", null])
})

test("causes are found in a spec that is one line of JSON", () => {
  const text = JSON.stringify({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "j" },
    spec: { tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["x", "y"] }] },
  })
  const [cause] = causes(file(text, "e.json"), 0, [{ task: "a", step: 1, field: "command" }])
  expect(cause && text.slice(cause.start.character, cause.end.character)).toBe('"y"')
})

test("the lenses run what can run, and lead to the first mistake of what cannot", () => {
  const titles = (text: string) =>
    codeLenses(file(text), "file:///e.yaml")
      .slice(0, 3)
      .map(({ command }) => command?.title)
  expect(titles(spec)).toEqual(["$(play) Run", "Graph", "Plan: 5 Jobs"])
  expect(titles(spec.replace("target: a", "target: nowhere"))).toEqual([
    "1 problem",
    "Graph",
    "Plan",
  ])
})

test("the plan names the lines of each Job", () => {
  const plan = planDocument(file(spec).documents()[0], {
    uri: "file:///e.yaml",
    index: 0,
    name: "two-2",
    namespace: "gene",
  })
  if (plan?.kind !== "plan") throw new Error("no plan")
  const lines = plan.text.split("\n")
  expect(plan.jobs).toHaveLength(5)
  for (const { task, step, firstLine, lastLine } of plan.jobs) {
    const text = lines.slice(firstLine, lastLine + 1).join("\n")
    expect(text).toContain(`name: two-2.${task}.${step}`)
    expect(text.startsWith("apiVersion: batch/v1")).toBe(true)
    expect(text).not.toContain("---")
  }
})

const gcs = `version: genecontainer_0_1
inputs:
  samples: {type: array, default: [x, y]}
  depth: {type: number, default: 3}
  reference: {type: string}
workflow:
  align:
    tool: busybox:1.36
    resources: {memory: "\${reference}"}
    commands_iter: {command: "echo \${1}", vars_iter: ["\${samples}"]}
`

test("an input has its own value, and what is typed is judged by its type and by the checks", () => {
  const document = file(gcs, "x.gcs.yaml").documents()[0]
  const given = { tools: { "busybox:1.36": "busybox:1.36" } }
  const own = inputs(document, { typed: {}, ...given })
  expect(own.map(({ name, type, own }) => [name, type, own])).toEqual([
    ["samples", "array", '["x","y"]'],
    ["depth", "number", "3"],
    ["reference", "string", undefined],
  ])
  const problem = (name: string, text: string) =>
    inputs(document, { typed: { [name]: text }, ...given }).find((one) => one.name === name)
      ?.problem
  expect(problem("depth", "deep")).toBe('"deep" is not a number.')
  expect(problem("samples", "a")).toBe("This is not a list: write [a, b, c].")
  expect(problem("samples", "[a, b]")).toBeUndefined()
  expect(problem("reference", "8GiB")).toContain('"8GiB"')
  expect(problem("reference", "8G")).toBeUndefined()
})

test("tool files give images, and a file that gives none says why", () => {
  const found = toolImages([
    { path: "tools/busybox.yaml", text: 'name: busybox\nversion: "1.36"\nimage: busybox:1.36\n' },
    { path: "tools/bad.yaml", text: "name: bad\n" },
  ])
  expect(found.tools).toEqual({ "busybox:1.36": "busybox:1.36" })
  expect(found.faults[0]).toContain('"tools/bad.yaml"')
})

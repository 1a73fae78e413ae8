import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { readExecution } from "../../plan/execution.ts"
import { parse } from "../parse.ts"
import { type Expansion, expandGcs } from "./expand.ts"

const tools = new Map([["n:1", "busybox:1.36"]])

function expand(text: string, inputs: Readonly<Record<string, unknown>> = {}): Expansion {
  const [document] = parse(text, "x.gcs.yaml")
  if (document === undefined) throw new Error("the text is no gcs file")
  return expandGcs(document.tree, { inputs, tools, name: "fallback" })
}

function tasks(text: string, inputs?: Readonly<Record<string, unknown>>) {
  const { execution, problems } = expand(text, inputs)
  expect(problems).toEqual([])
  return (execution as { spec: { tasks: Record<string, unknown>[] } }).spec.tasks
}

/** A workflow with one job of these keys. */
function job(keys: string, inputs = "x: { default: X }"): string {
  return `version: genecontainer_0_1\ninputs:\n  ${inputs}\nworkflow:\n  a: { tool: "n:1", ${keys} }\n`
}

test("a workflow becomes the Execution that genectl would send, in the order of its text", () => {
  const text = readFileSync("test/fixtures/gcs/good/lanes.yaml", "utf8")
  expect(parse(text, "")[0]?.problems).toEqual([])
  const volumes = { data: { mountPath: "/d", mountFrom: { pvc: "lab" } } }
  const dependents = [{ target: "list", type: "whole" }]
  const common = { type: "Job", image: "busybox:1.36" }
  expect(expand(text)).toEqual({
    problems: [],
    execution: {
      apiVersion: "execution.kubegene.io/v1alpha1",
      kind: "Execution",
      metadata: { name: "fallback" },
      spec: {
        parallelism: 5000,
        tasks: [
          { name: "list", ...common, commandSet: ["ls /d"], volumes },
          {
            name: "map",
            ...common,
            commandSet: [
              "map.sh L1 part0 > /d/0.bam",
              "map.sh L1 part1 > /d/1.bam",
              "map.sh L2 part0 > /d/2.bam",
              "map.sh L2 part1 > /d/3.bam",
            ],
            resources: { cpu: "2", memory: "4G" },
            volumes,
            dependents,
            condition: { condition: [true] },
          },
          {
            name: "sort",
            ...common,
            commandsIter: { command: "sort.sh ${1}", varsIter: [["get_result", "list", "\n"]] },
            volumes,
            dependents,
          },
        ],
      },
    },
  })
})

test("what an Execution says is what the workflow's own graph says", () => {
  const text = readFileSync("test/fixtures/gcs/good/lanes.yaml", "utf8")
  const shape = (document: ReturnType<typeof parse>[number] | undefined) =>
    document?.workflow.tasks.map(({ name, dependencies, steps }) => [
      name?.value,
      dependencies.map(({ target, type }) => `${target.value} ${type}`),
      steps,
    ])
  const made = JSON.stringify(expand(text).execution)
  expect(shape(parse(text, "")[0])).toEqual(shape(parse(made, "")[0]))
  expect(parse(made, "")[0]?.problems).toEqual([])
  expect(readExecution(JSON.parse(made)).kind).toBe("execution")
})

test("two inputs name the Execution and its namespace", () => {
  const text = job("commands: [x]", "executionName: { default: run-1 }")
  expect(expand(text, { namespace: "gene" }).execution.metadata).toEqual({
    name: "run-1",
    namespace: "gene",
  })
})

test.each([
  ["commands: ['a ${x}', 'b ${1}']", ["a X", "b ${1}"]],
  // commands, then vars row by row, then the product; ${item} counts the last two together.
  [
    "commands: [c], commands_iter: {command: 'd ${1} ${2} ${item}', vars: [[a, b]], vars_iter: [[1, 2], [3]]}",
    ["c", "d a b 0", "d 1 3 1", "d 2 3 2"],
  ],
  ["commands: [5, true]", ["5", "true"]],
  ["commands_iter: {command: 'd ${1}', vars_iter: ['range(0, 1, 0.5)']}", ["d 0", "d 0.5"]],
  // Inputs first, rows second: what an input gives may name a row.
  [
    "commands_iter: {command: '${x}${1}', vars_iter: [[a, '${x}', 'p-${x}']]}",
    ["Xa", "XX", "Xp-X"],
  ],
])("%s", (keys, commandSet) => {
  expect(tasks(job(keys))[0]?.commandSet).toEqual(commandSet)
})

test("an array in a command is JSON", () => {
  const text = job("commands: ['x ${list}']", "list: { type: array, default: [a, 1, true] }")
  expect(tasks(text)[0]?.commandSet).toEqual(['x ["a",1,true]'])
})

test.each([
  ["condition: true", { condition: [true] }],
  ["condition: '${x}'", { condition: [false] }],
  ["condition: 'check_result(b, \"${x}\\n\")'", { condition: ["check_result", "b", "false\n"] }],
  ["condition: 'check_result(b, ${x})'", { condition: ["check_result", "b", "false"] }],
])("%s", (keys, condition) => {
  const text = job(`commands: [x], ${keys}`, 'x: { default: "false" }')
  expect(tasks(text)[0]?.condition).toEqual(condition)
})

test("rules keep their operators, and numbers among their values become texts", () => {
  const rule = "match_rules: [{key: q, operator: Gt, values: [80]}, {key: k, operator: Exists}]"
  const text = job(`commands: [x], generic_condition: {depend_job_name: b, ${rule}}`)
  expect(tasks(text)[0]?.genericCondition).toEqual({
    dependJobName: "b",
    matchRules: [
      { key: "q", operator: "Gt", values: ["80"] },
      { key: "k", operator: "Exists" },
    ],
  })
})

const number = "n: { type: number, default: 2 }"

test.each([
  [
    "commands: [x]",
    "x: { type: number, default: 1 }",
    { x: "1" },
    /given for input "x" is of type string; it has to be number/,
  ],
  ["commands: [x]", "x: { default: a }", { y: null }, /given for input "y" is of type map or null/],
  ["commands: [x]", "x: { type: number }", {}, /Input "x" has no value/],
  [
    "commands_iter: {command: c, vars_iter: ['range(0, ${n})']}",
    number,
    { n: 0 },
    /cannot be counted: it is empty: the start 0/,
  ],
  [
    "commands_iter: {command: c, vars_iter: ['range(0, 2, ${n})']}",
    number,
    { n: -1 },
    /the step is -1/,
  ],
  [
    "commands_iter: {command: c, vars_iter: ['range(0, ${n})']}",
    number,
    { n: 1e9 },
    /has 1000000000 numbers/,
  ],
  [
    "commands_iter: {command: c, vars_iter: ['range(0, ${n})', 'range(0, ${n})']}",
    number,
    { n: 1000 },
    /has 1000000 commands/,
  ],
  [
    "commands_iter: {command: c, vars_iter: ['range(0, ${m})']}",
    number,
    {},
    /needs numbers for its start/,
  ],
  [
    "commands_iter: {command: c, vars: [[1, 2], [3]]}",
    number,
    {},
    /has 1 values, the first one has 2/,
  ],
  [
    "commands_iter: {command: c, vars: [[1, 2]], vars_iter: [[1]]}",
    number,
    {},
    /has 2 columns and "vars_iter" 1 rows/,
  ],
  [
    "commands_iter: {command: c, vars_iter: ['${n}']}",
    number,
    {},
    /Input "n" is of type number; a row has to be an array/,
  ],
  [
    "commands_iter: {command: c, vars_iter: ['${l}']}",
    "l: { type: array, default: [a] }",
    { l: [] },
    /This row is empty/,
  ],
  [
    "commands: [x], condition: '${g}'",
    'g: { default: "true" }',
    { g: "maybe" },
    /Input "g" is "maybe"; a condition/,
  ],
  [
    "commands: [x], resources: {memory: '${m}'}",
    "m: { default: 4G }",
    { m: "4Gi" },
    /"4Gi" is not an amount of memory/,
  ],
  ["commands: [x]", "lanes: { default: a }", { lane: "b" }, /"lane", .* did you mean "lanes"\?/],
])("%s with %s and %j", (keys, inputs, given, sentence) => {
  const messages = expand(job(keys, inputs), given).problems.map(({ message }) => message)
  expect(messages).toHaveLength(1)
  expect(messages[0]).toMatch(sentence)
})

test("a tool that no tool file has is marked at the job", () => {
  const text = job("commands: [x]").replace("n:1", "n:2")
  const [problem, ...more] = expand(text).problems
  expect(more).toEqual([])
  expect(problem?.message).toBe('No tool file has "n:2": did you mean "n:1"?')
  expect(text.slice(problem?.span.start, problem?.span.end)).toBe('"n:2"')
})

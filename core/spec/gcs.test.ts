import { expect, test } from "vitest"
import { parse } from "./parse.ts"

const head = `version: genecontainer_0_1
inputs:
  lanes: { type: array, default: [L1, L2, L3] }
  parts: { type: number, default: 4 }
  open: { type: array }
workflow:
`

function read(job: string) {
  const text = `${head}  job: { tool: "n:1", ${job} }\n`
  const [task] = parse(text, "")[0]?.workflow.tasks ?? []
  if (task === undefined) throw new Error("there is no task")
  return { text, task }
}

test.each([
  ["commands: [a, b]", 2],
  ["commands_iter: {command: x, vars: [[1, 2], [3, 4]]}", 2],
  ["commands_iter: {command: x, vars_iter: ['${lanes}', 'range(0, ${parts}, 2)', [1, 2]]}", 12],
  ["commands: [a], commands_iter: {command: x, vars: [[1, 2]], vars_iter: [[1, 2], [3]]}", 4],
  ["commands_iter: {command: x, vars_iter: [['${lanes}']]}", 1],
  ["commands_iter: {command: x, vars_iter: ['${open}']}", "dynamic"],
  ["commands_iter: {command: x, vars_iter: ['range(0, ${nope})']}", "dynamic"],
  ["commands_iter: {command: x, vars_iter: ['get_result(list)', [1]]}", "dynamic"],
  ["description: nothing", 0],
])("%s has %s steps", (job, expected) => {
  const { steps } = read(job).task
  expect(steps.kind === "known" ? steps.count : steps.kind).toBe(expected)
})

test.each([
  ["commands_iter: {command: x, vars_iter: ['get_result(list, \";\")']}", "get_result list"],
  ["commands: [x], condition: 'check_result( list , \"x\")'", "check_result list"],
  ["commands: [x], generic_condition: {depend_job_name: list}", "genericCondition list"],
])("%s refers to another job, at its name", (job, expected) => {
  const { text, task } = read(job)
  const [reference] = task.references ?? []
  expect(`${reference?.by} ${reference?.target.value}`).toBe(expected)
  const { start = 0, end = 0 } = reference?.target.span ?? {}
  expect(text.slice(task.offset + start, task.offset + end)).toBe("list")
  expect(task.late).toBe(true)
})

test("a job knows its name, what it waits for and whether it is switched off", () => {
  const { task } = read(
    "commands: [x], condition: false, depends: [{target: a, type: iterate}, {target: b}]",
  )
  expect(task.name?.value).toBe("job")
  expect(task.dependencies.map(({ target, type }) => `${target.value} ${type}`)).toEqual([
    "a iterate",
    "b whole",
  ])
  expect(task.off).toBeDefined()
})

test("two inputs name the run and its namespace", () => {
  const text = `${head}  a: { tool: "n:1", commands: [x] }\n`.replace(
    "inputs:\n",
    "inputs:\n  executionName: { default: run-1 }\n  namespace: { value: gene, default: x }\n",
  )
  const workflow = parse(text, "")[0]?.workflow
  expect([workflow?.name?.value, workflow?.namespace?.value]).toEqual(["run-1", "gene"])
})

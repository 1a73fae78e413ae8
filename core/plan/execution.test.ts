import { describe, expect, test } from "vitest"
import { readExecution } from "./execution.ts"

const task = { name: "a", type: "Job", image: "busybox", commandSet: ["echo A"] }

function read(spec: unknown, metadata: unknown = { name: "e" }) {
  return readExecution({ metadata, spec })
}

function reasons(spec: unknown, metadata?: unknown): readonly string[] {
  const result = read(spec, metadata)
  return result.kind === "refused" ? result.reasons : []
}

function spec(value: unknown) {
  const result = read(value)
  if (result.kind === "refused") throw new Error(result.reasons.join("; "))
  return result.execution.spec
}

describe("what people and KubeGene write is taken as it is meant", () => {
  test("null counts as absent, unknown fields are left alone", () => {
    const read = spec({
      tasks: [{ ...task, dependents: null, volumes: null, condition: null, surprise: 1 }],
      parallelism: null,
    })
    expect(read.tasks[0]?.dependencies).toEqual([])
    expect(read.parallelism).toBeUndefined()
  })

  test('"commands" of the published example is "commandSet"', () => {
    const { commandSet, ...old } = task
    expect(spec({ tasks: [{ ...old, commands: commandSet }] }).tasks[0]?.commands).toEqual([
      "echo A",
    ])
  })

  test("a dependency without a type is a whole one", () => {
    const read = spec({ tasks: [task, { ...task, name: "b", dependents: [{ target: "a" }] }] })
    expect(read.tasks[1]?.dependencies).toEqual([{ target: "a", type: "whole" }])
  })

  test("a quantity of zero says nothing, a number is a quantity too", () => {
    const read = spec({ tasks: [{ ...task, resources: { cpu: 2, memory: "0" } }] })
    expect([read.tasks[0]?.cpu, read.tasks[0]?.memory]).toEqual(["2", undefined])
  })

  test("volumes come in one order, whatever the order they were written in", () => {
    const mount = (path: string) => ({ mountPath: path, mountFrom: { pvc: "lab" } })
    const read = spec({ tasks: [{ ...task, volumes: { z: mount("/z"), a: mount("/a") } }] })
    expect(read.tasks[0]?.volumes.map((volume) => volume.name)).toEqual(["a", "z"])
  })

  test("with a jobTemplate neither image nor commands are needed", () => {
    const read = spec({ tasks: [{ name: "a", jobTemplate: { spec: {} } }] })
    expect(read.tasks[0]?.commands).toEqual([])
  })
})

describe("what cannot run is refused in words", () => {
  const table: readonly [string, unknown, string][] = [
    ["nothing at all", undefined, '"spec.tasks" must have at least one task'],
    ["tasks that are no list", { tasks: "a" }, 'spec: "tasks" must be a list'],
    ["a task that is a text", { tasks: ["a"] }, "spec.tasks[0] must be a map"],
    ["no name", { tasks: [{ image: "b" }] }, 'spec.tasks[0]: "name" is missing'],
    ["a bad name", { tasks: [{ ...task, name: "A_b" }] }, 'the task name "A_b" must be at most 63'],
    ["no image", { tasks: [{ name: "a", commandSet: ["x"] }] }, '"a" has no image'],
    ["no commands", { tasks: [{ name: "a", image: "b" }] }, '"a" has no commands'],
    ["Spark", { tasks: [{ ...task, type: "Spark" }] }, '"a": type "Spark" cannot be run'],
    ["the same name twice", { tasks: [task, task] }, 'two tasks are called "a"'],
    [
      "a dependency on nothing",
      { tasks: [{ ...task, dependents: [{ target: "x", type: "whole" }] }] },
      '"a" depends on "x", which does not exist',
    ],
    [
      "an unknown kind of dependency",
      { tasks: [{ ...task, dependents: [{ target: "a", type: "some" }] }] },
      '"a".dependents[0]: type "some" is not known; it is "whole" or "iterate"',
    ],
    [
      "unequal iterate",
      {
        tasks: [
          { ...task, commandSet: ["1", "2", "3"] },
          { ...task, name: "b", dependents: [{ target: "a", type: "iterate" }] },
        ],
      },
      '"b" iterates over "a" but has 1 step, not 3 steps',
    ],
    [
      "iterate over what is not known yet",
      {
        tasks: [
          task,
          {
            name: "b",
            image: "b",
            commandsIter: { command: "x", varsIter: [["get_result", "a", " "]] },
            dependents: [{ target: "a", type: "whole" }],
          },
          { ...task, name: "c", dependents: [{ target: "b", type: "iterate" }] },
        ],
      },
      '"c" cannot iterate over "b"',
    ],
    [
      "a cycle",
      {
        tasks: [
          { ...task, dependents: [{ target: "c", type: "whole" }] },
          { ...task, name: "b", dependents: [{ target: "a", type: "whole" }] },
          { ...task, name: "c", dependents: [{ target: "b", type: "whole" }] },
        ],
      },
      "tasks wait for each other: b → c → a → b",
    ],
    [
      "a result of a task it does not depend on",
      {
        tasks: [task, { ...task, name: "b", condition: { condition: ["check_result", "a", "x"] } }],
      },
      '"b" reads the result of "a" but does not depend on it as a whole',
    ],
    [
      "a result of several steps",
      {
        tasks: [
          { ...task, commandSet: ["1", "2"] },
          {
            ...task,
            name: "b",
            dependents: [{ target: "a", type: "whole" }],
            condition: { condition: ["check_result", "a", "x"] },
          },
        ],
      },
      '"b" reads the result of "a", which has 2 steps; only one step can give a result',
    ],
    [
      "an empty condition, which crashed KubeGene",
      { tasks: [{ ...task, condition: { condition: [] } }] },
      '"a".condition: "condition" must be [true], [false] or',
    ],
    [
      "a rule that compares with nothing",
      {
        tasks: [
          task,
          {
            ...task,
            name: "b",
            dependents: [{ target: "a", type: "whole" }],
            genericCondition: { dependJobName: "a", matchRules: [{ key: "k", operator: "Gt" }] },
          },
        ],
      },
      'operator "Gt" takes exactly one value',
    ],
    [
      "a negative number",
      { tasks: [{ ...task, backoffLimit: -1 }] },
      '"a": "backoffLimit" must be a whole number, 0 or more',
    ],
    [
      "a bad quantity",
      { tasks: [{ ...task, resources: { memory: "8 gigs" } }] },
      '"a".resources: "memory" must be a quantity such as "2" or "8Gi", not "8 gigs"',
    ],
    [
      "a Job name that is too long",
      { tasks: [{ ...task, name: "a".repeat(60) }] },
      `the Job name "e.${"a".repeat(60)}.0" has 64 characters; 63 is the most`,
    ],
    [
      "more steps than any place can hold",
      {
        tasks: [
          {
            name: "a",
            image: "b",
            commandsIter: {
              command: "x",
              varsIter: [
                Array.from({ length: 1000 }, () => 1),
                Array.from({ length: 1000 }, () => 1),
              ],
            },
          },
        ],
      },
      "it has 1000000 steps; 50000 is the most",
    ],
    ["until a task that is not there", { tasks: [task], until: ["x"] }, 'there is no task "x"'],
  ]
  test.each(table)("%s", (_, value, sentence) => {
    expect(reasons(value).join("\n")).toContain(sentence)
  })

  test("a name with a dot is refused, as KubeGene does", () => {
    expect(reasons({ tasks: [task] }, { name: "a.b" })[0]).toContain('the Execution\'s name "a.b"')
  })

  test("whatever comes in, nothing is thrown", () => {
    for (const value of [null, 1, "x", [], [[]], { spec: [] }, { spec: { tasks: [[null]] } }]) {
      expect(readExecution(value).kind).toBe("refused")
    }
  })
})

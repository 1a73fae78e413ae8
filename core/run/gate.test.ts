import { expect, test } from "vitest"
import { gate } from "./gate.ts"
import { execution } from "./run.fixture.ts"

function verdict(conditions: object, result: string | undefined): string {
  const made = execution({ qc: {}, good: { after: "qc", ...conditions } })
  const task = made.spec.tasks[1]
  if (task === undefined) throw new Error("no task")
  const answer = gate(task, () => result)
  return answer.kind === "closed" ? answer.reason : answer.kind
}

function match(key: string, operator: string, ...values: readonly string[]) {
  return { genericCondition: { dependJobName: "qc", matchRules: [{ key, operator, values }] } }
}

test("without a condition a task may run", () => {
  expect(verdict({}, undefined)).toBe("open")
})

test("check_result wants exactly the text", () => {
  const condition = { condition: { condition: ["check_result", "qc", "PASS"] } }
  expect(verdict(condition, undefined)).toBe("waiting")
  expect(verdict(condition, "PASS")).toBe("open")
  expect(verdict(condition, "PASS ")).toBe('skipped: "qc" answered "PASS ", wanted "PASS"')
})

const rules: readonly [string, readonly [string, string, ...string[]], boolean][] = [
  ["q30:91,lane:3", ["lane", "In", "1", "3"], true],
  ["q30:91,lane:3", ["lane", "In", "2"], false],
  ["q30:91", ["lane", "In", "2"], false],
  ["q30:91", ["lane", "NotIn", "2"], true],
  ["lane:2", ["lane", "NotIn", "2"], false],
  ["lane:2", ["lane", "=", "2"], true],
  ["lane:2", ["lane", "==", "2"], true],
  ["lane:2", ["lane", "!=", "2"], false],
  ["lane:2", ["lane", "Exists"], true],
  ["lane", ["lane", "Exists"], true],
  ["", ["lane", "Exists"], false],
  ["", ["lane", "DoesNotExist"], true],
  ["q30:91", ["q30", "Gt", "80"], true],
  ["q30:80", ["q30", "Gt", "80"], false],
  ["q30:-5", ["q30", "Lt", "-4"], true],
  ["q30:9007199254740993", ["q30", "Gt", "9007199254740992"], true],
  ["q30:high", ["q30", "Gt", "80"], false],
  ["q30:91.5", ["q30", "Gt", "80"], false],
  // What follows a second colon is dropped, blanks are not.
  ["q30:91:x", ["q30", "=", "91"], true],
  ["q30: 91", ["q30", "=", "91"], false],
]

test.each(rules)('"%s" against %j: %s', (result, [key, operator, ...values], isOpen) => {
  expect(verdict(match(key, operator, ...values), result) === "open").toBe(isOpen)
})

test("one matching rule is enough, none or no rule at all skips", () => {
  expect(verdict(match("a", "In", "1", "2"), "a:3")).toBe(
    'skipped: "qc" answered "a:3", wanted a In 1, 2',
  )
  const none = { genericCondition: { dependJobName: "qc", matchRules: [] } }
  expect(verdict(none, "a:1")).toBe('skipped: "qc" answered "a:1", and no rule is given')
})

test("both conditions have to hold", () => {
  const both = { ...match("a", "Exists"), condition: { condition: [false] } }
  expect(verdict(both, "a:1")).toBe("skipped: its condition is false")
})

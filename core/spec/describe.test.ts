import { expect, test } from "vitest"
import { describe, type Path } from "./describe.ts"
import type { SchemaName } from "./schema.ts"

const summary = (name: SchemaName, ...path: Path) => {
  const found = describe(name, path)
  return found && `${found.key}: ${found.type}`
}

test.each<[SchemaName, Path, string | undefined]>([
  ["execution", [], "Execution: map"],
  ["execution", ["spec", "tasks"], "tasks: list of maps"],
  ["execution", ["spec", "tasks", 3], "task: map"],
  ["execution", ["spec", "tasks", 3, "commandSet"], "commandSet: list of texts"],
  ["execution", ["spec", "tasks", 0, "resources", "cpu"], "cpu: whole number or text"],
  ["execution", ["spec", "tasks", 0, "volumes", "data", "mountFrom", "pvc"], "pvc: text"],
  ["execution", ["spec", "tasks", 0, "dependents", 0, "type"], "type: text"],
  ["execution", ["spec", "tasks", 0, "nodeSelector", "disk"], "disk: text"],
  ["execution", ["spec", "tasks", 0, "commandsIter", "varsIter"], "varsIter: list of lists"],
  [
    "execution",
    ["spec", "tasks", 0, "jobTemplate", "spec", "template", "spec", "containers", 0, "env"],
    "env: list of maps",
  ],
  ["execution", ["spec", "task"], undefined],
  ["execution", ["spec", "tasks", "name"], undefined],
  ["execution", ["spec", "tasks", 0, "constructor"], undefined],
  ["gcs", ["workflow", "any-name", "depends", 0, "target"], "target: text"],
  ["gcs", ["workflow", "sort", "condition"], "condition: true or false or text"],
  ["function", ["Conditions", "WALLTIME"], "walltime: whole number"],
  ["function", ["kwargs", "args"], "args: list of texts"],
  ["function", ["kwargs", "polygons"], undefined],
  ["colonies-workflow", [2, "nodename"], "nodename: text"],
  ["colonies-workflow", [2, "conditions", "dependencies"], "dependencies: list of texts"],
  ["colonies-workflow", ["functionspecs", 0, "fs", "dirs", 0], "folder: map"],
  ["gcs-tool", ["Image"], "image: text"],
])("%s at %j is %s", (name, path, wish) => {
  expect(summary(name, ...path)).toBe(wish)
})

test("a place is described with its default, its values and what replaces it", () => {
  const type = describe("execution", ["spec", "tasks", 0, "dependents", 0, "type"])
  expect(type?.default).toBe("whole")
  expect(type?.values.map(({ value }) => value)).toEqual(["whole", "iterate"])
  expect(type?.values[1]?.description).toContain("step i of the target")
  expect(describe("execution", ["spec", "tasks", 0, "commands"])?.replacement).toBe("commandSet")
  expect(describe("execution", ["spec", "tasks", 0, "name"])?.required).toBe(true)
})

test("what stands beside a reference wins over what it names", () => {
  const own = describe("execution", ["spec", "tasks", 0, "affinity"])?.description
  expect(own).toContain("Replaces the one of the spec")
})

import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { parse } from "yaml"
import { randomNumbers } from "../graph/randomNumbers.ts"
import { readExecution } from "../plan/execution.ts"
import { plan } from "../plan/plan.ts"
import { writeStatus } from "./status.ts"
import { World } from "./world.fixture.ts"

test("the diamond ends with the status that KubeGene's documentation shows", () => {
  const object = parse(readFileSync("test/fixtures/execution/diamond.yaml", "utf8"))
  object.metadata.uid = "u1"
  const read = readExecution(object)
  if (read.kind === "refused") throw new Error(read.reasons.join())
  const world = new World(plan(read.execution), randomNumbers(7))
  world.runToEnd()
  const status = writeStatus(world.status)
  expect(status).toMatchObject({
    phase: "Succeeded",
    message: "execution has run successfully",
    vertices: {
      "diamond.a.0": {
        id: "diamond.a.0",
        name: "diamond.a.0",
        type: "Job",
        phase: "Succeeded",
        message: "success",
        children: ["diamond.b.0", "diamond.c.0"],
      },
      "diamond.d.0": { phase: "Succeeded", message: "success" },
    },
  })
  expect(JSON.stringify(status)).not.toContain('"finishedAt":null')
})

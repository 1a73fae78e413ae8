import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { coloniesToExecution } from "../spec/convertColonies.ts"
import { expandGcs } from "../spec/gcs/expand.ts"
import { parse } from "../spec/parse.ts"
import type { TreeNode } from "../spec/tree.ts"
import { toValue } from "../spec/tree.ts"
import { readExecution } from "./execution.ts"
import { objectOf } from "./json.ts"
import { plan } from "./plan.ts"
import { type PlannedJobs, plannedJobs } from "./plannedJobs.ts"

function planned(object: unknown): PlannedJobs {
  const read = readExecution(object)
  if (read.kind === "refused") throw new Error(read.reasons.join("; "))
  return plannedJobs(plan(read.execution))
}

function tree(text: string, path: string): TreeNode {
  const [document] = parse(text, path)
  if (document === undefined) throw new Error(`${path} is no spec`)
  return document.tree
}

/** Every Job by name, with what its first container runs. */
function told({ jobs }: PlannedJobs): Record<string, unknown> {
  return Object.fromEntries(
    jobs.map((job) => {
      const pod = objectOf(objectOf(job.spec.template).spec)
      const [first] = (pod.containers ?? []) as { command: string[] }[]
      return [job.metadata.name, first?.command.at(-1)]
    }),
  )
}

test("an Execution", () => {
  const path = "test/fixtures/demo/quality-gate.yaml"
  expect(told(planned(toValue(tree(readFileSync(path, "utf8"), path))))).toEqual({
    "quality-gate.check.0": "echo good",
    "quality-gate.publish.0": "echo publishing",
    "quality-gate.repair.0": "echo repairing",
  })
})

test("an Execution whose steps depend on a result", () => {
  const path = "test/fixtures/demo/word-count.yaml"
  const shown = planned(toValue(tree(readFileSync(path, "utf8"), path)))
  expect(shown.unknown).toEqual(["count"])
})

test("a gcs workflow", () => {
  const path = "test/fixtures/demo/variant-calling.gcs.yaml"
  const tools = new Map([["busybox:1.36", "busybox:1.36"]])
  const { execution } = expandGcs(tree(readFileSync(path, "utf8"), path), {
    inputs: {},
    tools,
    name: "family",
  })
  expect(told(planned(execution))).toMatchObject({
    "family.align.0": "echo aligning mother to GRCh38",
    "family.align.2": "echo aligning child to GRCh38",
    "family.sort.1": "echo sorting father",
    "family.call.0": "echo calling variants of the family",
  })
})

test("a function spec is one Job, made as a KubeExecutor makes it", () => {
  const path = "test/fixtures/demo/thumbnails.function.json"
  const { execution } = coloniesToExecution(tree(readFileSync(path, "utf8"), path), {
    name: "thumbs",
  })
  const { jobs } = planned(execution)
  expect(jobs.length).toBe(1)
  expect(Object.values(told({ jobs, unknown: [] }))).toEqual(["echo making thumbnails"])
})

test("a Colonies workflow keeps its order", () => {
  const node = (nodename: string, dependencies: readonly string[]) => ({
    nodename,
    funcname: "execute",
    conditions: { executortype: "kubeexecutor", nodes: 1, walltime: 60, dependencies },
    kwargs: { "docker-image": "busybox", cmd: `echo ${nodename}` },
  })
  const text = JSON.stringify([node("merge", ["split"]), node("split", [])])
  const { execution } = coloniesToExecution(tree(text, "w.json"), { name: "w" })
  expect(Object.keys(told(planned(execution)))).toEqual(["w.split.0", "w.merge.0"])
})

import { expect, test } from "vitest"
import { readExecution } from "../plan/execution.ts"
import { plan } from "../plan/plan.ts"
import { stepHasher } from "../plan/stepHash.ts"
import type { FilesMove } from "./filesTasks.ts"
import { parse } from "./parse.ts"
import { toExecution } from "./toExecution.ts"

const conditions = {
  executortype: "kube",
  nodes: 1,
  processespernode: 1,
  cpu: "500m",
  mem: "256Mi",
  walltime: 120,
}
const fs = { mount: "/cfs", dirs: [{ label: "/hello", dir: "/hello", keepfiles: true }] }

function node(nodename: string, dependencies: readonly string[] = [], changes: object = {}) {
  return {
    nodename,
    conditions: { ...conditions, dependencies },
    funcname: "execute",
    kwargs: { "docker-image": "busybox", cmd: "date" },
    maxexectime: 100,
    maxretries: 1,
    ...changes,
  }
}

const move: FilesMove = { from: "colony", snapshot: "s1", objects: "x.files", image: "node:24" }

function planned(spec: object, files: FilesMove | undefined) {
  const document = parse(JSON.stringify(spec), "x.json")[0]
  if (!document) throw new Error("no document")
  const made = toExecution(document, "x.json", { claim: "lab", files })
  if (made.kind === "refused") throw new Error(made.reason)
  const read = readExecution(made.object)
  if (read.kind === "refused") throw new Error(read.reasons.join())
  return plan(read.execution)
}

function shape(spec: object, files: FilesMove | undefined) {
  const { tasks } = planned(spec, files)
  return tasks.map(({ spec: task, dependencies }) => {
    const before = dependencies.map((one) => tasks[one.task]?.spec.name).join(" ")
    return before === "" ? task.name : `${task.name} after ${before}`
  })
}

test("files come before all that waits for nothing and go after all that nothing waits for", () => {
  const spec = [node("a", [], { fs }), node("b", ["a"]), node("c"), node("d", ["a"])]
  expect(shape(spec, move)).toEqual([
    "files-in",
    "a after files-in",
    "b after a",
    "c after files-in",
    "d after a",
    "files-out after b c d",
  ])
})

test("what comes from a folder stays where it was brought", () => {
  expect(shape([node("a", [], { fs })], { ...move, from: "folder" })).toEqual([
    "files-in",
    "a after files-in",
  ])
})

test("nobody who wants no files gets steps for them, and a name that is taken is kept", () => {
  expect(shape([node("a")], move)).toEqual(["a"])
  expect(shape([node("a", [], { fs })], undefined)).toEqual(["a"])
  expect(shape([node("a", [], { fs: { ...fs, mount: "" } })], move)).toEqual(["a"])
  expect(shape([node("files-in", [], { fs })], move)).toEqual([
    "files-in-2",
    "files-in after files-in-2",
    "files-out after files-in",
  ])
})

test("files-in is the same work as long as the files are the same, whatever the run is called", () => {
  const hashes = (files: FilesMove) => {
    const made = planned([node("a", [], { fs })], files)
    const { hash } = stepHasher(made, () => undefined)
    return made.tasks.map(({ index }) => hash(index, 0))
  }
  const first = hashes(move)
  expect(hashes({ ...move, objects: "y.files" })).toEqual(first)
  const other = hashes({ ...move, snapshot: "s2" })
  expect(other.filter((hash, index) => hash === first[index])).toEqual([])
})

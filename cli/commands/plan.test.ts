import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { parseAllDocuments } from "yaml"
import { main } from "../main.ts"
import { memoryIo } from "../memoryIo.fixture.ts"

const diamond = readFileSync("test/fixtures/execution/diamond.yaml", "utf8")
const gcs = `version: genecontainer_0_1
inputs:
  sample: {type: string}
workflow:
  align: {tool: "bwa:0.7", commands: ["bwa \${sample}", "bwa 2"]}
`
const tool = 'name: bwa\nversion: "0.7"\nimage: lab/bwa:0.7\n'
const functionSpec = {
  funcname: "execute",
  nodename: "hello",
  conditions: {
    executortype: "kubeexecutor",
    nodes: 1,
    processespernode: 1,
    walltime: 90,
    cpu: "500m",
    mem: "1Gi",
  },
  maxexectime: 80,
  maxretries: 3,
  kwargs: { "docker-image": "busybox", cmd: "echo", args: ["hi"] },
}

test("every Job of an Execution is printed, as documents of one YAML file", async () => {
  const { code, stdout, stderr } = await plan({ "d.yaml": diamond }, "d.yaml")
  expect([code, stderr]).toEqual([0, ""])
  const jobs = parseAllDocuments(stdout).map((document) => document.toJS())
  expect(jobs.every(({ kind, spec }) => kind === "Job" && spec.template.spec)).toBe(true)
  const json = await plan({ "d.yaml": diamond }, "d.yaml", "-o", "json")
  expect(JSON.parse(json.stdout)).toEqual(jobs)
})

test("a run's name is part of each Job's", async () => {
  const own = await plan({ "d.yaml": diamond }, "d.yaml", "-o", "json")
  const other = await plan({ "d.yaml": diamond }, "d.yaml", "-o", "json", "--name", "again")
  const names = (text: string): string[] =>
    JSON.parse(text).map((job: { metadata: { name: string } }) => job.metadata.name)
  const [first = ""] = names(own.stdout)
  expect(names(other.stdout)[0]).toBe(`again${first.slice(first.indexOf("."))}`)
})

test("a gcs workflow is planned with its inputs and tools", async () => {
  const files = { "w.gcs.yaml": gcs, "p.json": '{"sample": "s1"}', "tools/bwa.yaml": tool }
  const args = ["--input", "p.json", "--tool-repo", "tools", "-o", "json"]
  const { code, stdout, stderr } = await plan(files, "w.gcs.yaml", ...args)
  expect([code, stderr]).toEqual([0, ""])
  const containers = JSON.parse(stdout).map(
    (job: { spec: { template: { spec: { containers: object[] } } } }) =>
      job.spec.template.spec.containers[0],
  )
  expect(containers).toMatchObject([
    { image: "lab/bwa:0.7", command: ["sh", "-c", "bwa s1"] },
    { image: "lab/bwa:0.7", command: ["sh", "-c", "bwa 2"] },
  ])
})

test("a Colonies function and a Colonies workflow are planned", async () => {
  const one = await plan({ "f.json": JSON.stringify(functionSpec) }, "f.json", "-o", "json")
  expect([one.code, JSON.parse(one.stdout).length]).toEqual([0, 1])
  const second = {
    ...functionSpec,
    nodename: "after",
    conditions: { ...functionSpec.conditions, dependencies: ["hello"] },
  }
  const both = JSON.stringify([functionSpec, second])
  const two = await plan({ "w.json": both }, "w.json", "-o", "json")
  expect([two.code, JSON.parse(two.stdout).length]).toEqual([0, 2])
})

test("Jobs that only another task's output makes known are said to come later", async () => {
  const text = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: later}
spec:
  tasks:
  - {name: list, type: Job, image: busybox, commandSet: [echo a b]}
  - name: each
    type: Job
    image: busybox
    commandsIter: {command: "echo \${1}", varsIter: [[get_result, list, " "]]}
    dependents: [{target: list, type: whole}]
`
  const yaml = await plan({ "l.yaml": text }, "l.yaml")
  expect(yaml.stdout).toMatch(/^# The Jobs of "each" are only known once "list" has ended\.\n/)
  expect(parseAllDocuments(yaml.stdout)).toHaveLength(1)
  const json = await plan({ "l.yaml": text }, "l.yaml", "-o", "json")
  expect(json.stderr).toBe('The Jobs of "each" are only known once "list" has ended.\n')
  expect(JSON.parse(json.stdout)).toHaveLength(1)
})

test("a spec with mistakes is not planned; each is said at its place", async () => {
  const files = { "w.gcs.yaml": gcs, "d.yaml": diamond.replace(/target: \w+/, "target: gone") }
  const broken = await plan(files, "d.yaml")
  expect([broken.code, broken.stdout]).toEqual([1, ""])
  expect(broken.stderr).toMatch(/^d\.yaml:\d+:\d+: error: .*"gone".*\n"d\.yaml" has 1 error\.\n$/s)
  const lacking = await plan(files, "w.gcs.yaml")
  expect([lacking.code, lacking.stdout]).toEqual([1, ""])
  expect(lacking.stderr).toMatch(/^w\.gcs\.yaml:3:\d+: error: .*"sample"/m)
})

test("what is no workflow, no file or one file too many is wrong use", async () => {
  const files = { "values.yaml": "replicas: 3\n", "d.yaml": diamond }
  for (const args of [[], ["values.yaml"], ["gone.yaml"], ["d.yaml", "values.yaml"]]) {
    const { code, stdout, stderr } = await plan(files, ...args)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toMatch(/^.+\.\n$/)
  }
})

async function plan(files: Record<string, string>, ...args: string[]) {
  const io = memoryIo({ files })
  const code = await main(["plan", ...args], io)
  return { code, ...io.written }
}

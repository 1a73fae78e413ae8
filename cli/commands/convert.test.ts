import { resolve } from "node:path"
import { expect, test } from "vitest"
import { parse } from "#core/spec/parse"
import { main } from "../main.ts"
import { memoryIo, refusal } from "../memoryIo.fixture.ts"

const gcs = `version: genecontainer_0_1
inputs:
  sample: {type: string}
workflow:
  align: {tool: "bwa:0.7", commands: ["bwa \${sample}"]}
`
const tool = 'name: bwa\nversion: "0.7"\nimage: lab/bwa:0.7\n'
const functionSpec = JSON.stringify({
  funcname: "execute",
  conditions: {
    executortype: "kubeexecutor",
    nodes: 2,
    processespernode: 1,
    walltime: 90,
    cpu: "500m",
    mem: "1Gi",
  },
  maxexectime: 80,
  maxretries: 3,
  kwargs: { "docker-image": "busybox", cmd: "echo", args: ["hi"] },
})

test("a gcs workflow becomes an Execution with its inputs and tools filled in", async () => {
  const files = {
    "wgs.gcs.yaml": gcs,
    "params.json": '{"sample": "s1"}',
    "tools/deep/bwa.yaml": tool,
    "tools/readme.md": "not: [a tool",
  }
  const args = ["--input", "params.json", "--tool-repo", "tools"]
  const { code, stdout, stderr } = await convert(
    { files },
    "wgs.gcs.yaml",
    "--to",
    "execution",
    ...args,
  )
  expect([code, stderr]).toEqual([0, ""])
  const [made] = parse(stdout)
  expect(made?.dialect).toBe("execution")
  expect(made?.problems.filter(({ severity }) => severity === "error")).toEqual([])
  expect(made?.workflow.name?.value).toBe("wgs")
  expect(stdout).toContain("image: lab/bwa:0.7")
  expect(stdout).toContain("- bwa s1")
})

test("without --tool-repo the tools are looked for where genectl has them", async () => {
  const files = {
    "a.yaml": gcs.replace("{type", "{default: s, type"),
    "/home/u/kubegene/tools/t.yaml": tool,
  }
  const { code, stdout } = await convert(
    { files, env: { HOME: "/home/u" } },
    "a.yaml",
    "--to",
    "execution",
  )
  expect(code).toBe(0)
  expect(stdout).toContain("image: lab/bwa:0.7")
})

test("without --tool-repo the tools beside the spec count more than those above it and genectl's own", async () => {
  const files = {
    "a.yaml": gcs.replace("{type", "{default: s, type"),
    "/home/u/kubegene/tools/t.yaml": tool.replace("lab/bwa", "home/bwa"),
    [resolve("../tools/t.yaml")]: tool.replace("lab/bwa", "above/bwa"),
    [resolve("tools/t.yml")]: tool.replace("lab/bwa", "beside/bwa"),
    // Nobody said that this is a tool file.
    [resolve("tools/values.yaml")]: "replicas: [1",
  }
  const env = { HOME: "/home/u" }
  const { code, stdout } = await convert({ files, env }, "a.yaml", "--to", "execution")
  expect(code).toBe(0)
  expect(stdout).toContain("image: beside/bwa:0.7")
  const { [resolve("tools/t.yml")]: _, ...others } = files
  const higher = await convert({ files: others, env }, "a.yaml", "--to", "execution")
  expect(higher.stdout).toContain("image: above/bwa:0.7")
})

test("a Colonies function becomes an Execution, under the name that is wished", async () => {
  const { code, stdout } = await convert(
    { stdin: functionSpec },
    "-",
    "--to",
    "execution",
    "--name",
    "hello",
  )
  expect(code).toBe(0)
  const [made] = parse(stdout)
  expect(made?.workflow.name?.value).toBe("hello")
  expect(made?.problems.filter(({ severity }) => severity === "error")).toEqual([])
})

test("what cannot be taken over is named at its place, and nothing is written", async () => {
  const { code, stdout, stderr } = await convert(
    { files: { "a.yaml": gcs } },
    "a.yaml",
    "--to",
    "execution",
  )
  expect([code, stdout]).toEqual([1, ""])
  expect(stderr).toMatch(/^a\.yaml:3:\d+: error: .*"sample"/m)
  expect(stderr).toMatch(/^a\.yaml:5:\d+: error: .*"bwa:0\.7"/m)
})

test("a spec with an error is not converted", async () => {
  const files = { "a.yaml": gcs.replace("commands:", "comands:") }
  const { code, stdout, stderr } = await convert({ files }, "a.yaml", "--to", "execution")
  expect([code, stdout]).toEqual([1, ""])
  expect(stderr).toContain('"commands"')
})

test("YAML becomes JSON and JSON becomes YAML, keys in their order; comments are missed", async () => {
  const files = { "a.yaml": `# why\n${gcs}` }
  const json = await convert({ files }, "a.yaml", "--to", "json")
  expect([json.code, json.stderr]).toEqual([0, "1 comment left out.\n"])
  expect(Object.keys(JSON.parse(json.stdout))).toEqual(["version", "inputs", "workflow"])
  const yaml = await convert({ stdin: json.stdout }, "-", "--to", "yaml")
  expect([yaml.code, yaml.stderr]).toEqual([0, ""])
  const again = await convert({ stdin: yaml.stdout }, "-", "--to", "json")
  expect(again.stdout).toBe(json.stdout)
})

test("JSON cannot hold several documents, YAML can", async () => {
  const files = { "two.yaml": `${gcs}---\n${gcs}` }
  const json = await convert({ files }, "two.yaml", "--to", "json")
  expect([json.code, json.stdout]).toEqual([1, ""])
  expect((await convert({ files }, "two.yaml", "--to", "yaml")).stdout.split("---\n")).toHaveLength(
    2,
  )
})

test("wrong use is one sentence", async () => {
  const files = {
    "a.yaml": gcs,
    "list.json": "[]",
    "half.json": "{",
    "values.yaml": "replicas: 3\n",
    "empty.yaml": "",
    "bad/t.yaml": "name: bwa\n",
    "no/t.yaml": refusal("EACCES"),
  }
  const to = ["--to", "execution"]
  const cases: [string[], string][] = [
    [["a.yaml"], "Say into what: --to execution, yaml or json."],
    [to, 'Name a file, or "-" for standard input.'],
    [["a.yaml", "b.yaml", ...to], 'One file at a time: "b.yaml" is one too many.'],
    [["gone.yaml", ...to], '"gone.yaml" does not exist.'],
    [["values.yaml", ...to], '"values.yaml" holds no workflow.'],
    [["empty.yaml", "--to", "json"], '"empty.yaml" is empty.'],
    [["a.yaml", ...to, "--input", "gone.json"], '"gone.json" does not exist.'],
    [
      ["a.yaml", ...to, "--input", "list.json"],
      '"list.json" holds no object: write {"input": "value"}.',
    ],
    [["a.yaml", ...to, "--tool-repo", "gone"], '"gone" does not exist.'],
    [["a.yaml", ...to, "--tool-repo", "no"], '"no/t.yaml" may not be read by you.'],
    [
      ["a.yaml", ...to, "--tool-repo", "https://x/t.yaml"],
      '"https://x/t.yaml" is on the network; fetch it first and name the file.',
    ],
  ]
  for (const [args, sentence] of cases) {
    expect(await convert({ files }, ...args)).toEqual({
      code: 2,
      stdout: "",
      stderr: `${sentence}\n`,
    })
  }
  const half = await convert({ files }, "a.yaml", ...to, "--input", "half.json")
  expect([half.code, half.stderr]).toEqual([
    2,
    expect.stringMatching(/^"half\.json" is not JSON: /),
  ])
  const bad = await convert({ files }, "a.yaml", ...to, "--tool-repo", "bad")
  expect([bad.code, bad.stderr]).toEqual([
    2,
    expect.stringMatching(/^"bad\/t\.yaml": A tool needs/),
  ])
})

async function convert(world: Parameters<typeof memoryIo>[0], ...args: string[]) {
  const io = memoryIo(world)
  const code = await main(["convert", ...args], io)
  return { code, ...io.written }
}

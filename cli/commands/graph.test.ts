import { expect, test } from "vitest"
import { main } from "../main.ts"
import { memoryIo } from "../memoryIo.fixture.ts"

const diamond = execution(
  "diamond",
  `  - {name: a, type: Job, image: busybox, commandSet: [echo 0, echo 1]}
  - {name: b, type: Job, image: busybox, commandSet: [echo 0, echo 1], dependents: [{target: a, type: iterate}]}
  - name: c
    type: Job
    image: busybox
    commandsIter: {command: "echo \${1}", varsIter: [[get_result, d, " "]]}
    dependents: [{target: d, type: whole}]
  - {name: d, type: Job, image: busybox, commandSet: [echo 0], dependents: [{target: b, type: whole}]}
`,
)

test("json holds every step by its id; a task whose steps only the run knows has one without index", async () => {
  const { code, stdout, stderr } = await graph({ "d.yaml": diamond }, "d.yaml")
  expect([code, stderr]).toEqual([0, ""])
  expect(JSON.parse(stdout)).toEqual({
    name: "diamond",
    dialect: "execution",
    nodes: [
      { id: "a.0", task: "a", index: 0, dynamic: false },
      { id: "a.1", task: "a", index: 1, dynamic: false },
      { id: "b.0", task: "b", index: 0, dynamic: false },
      { id: "b.1", task: "b", index: 1, dynamic: false },
      { id: "c.", task: "c", index: null, dynamic: true },
      { id: "d.0", task: "d", index: 0, dynamic: false },
    ],
    edges: [
      { from: "a.0", to: "b.0" },
      { from: "a.1", to: "b.1" },
      { from: "d.0", to: "c." },
      { from: "b.0", to: "d.0" },
      { from: "b.1", to: "d.0" },
    ],
  })
})

test("pictures are folded by task, and unfold", async () => {
  const files = { "d.yaml": diamond }
  expect((await graph(files, "d.yaml", "-o", "mermaid")).stdout).toContain('[["a ×2"]]')
  const open = await graph(files, "d.yaml", "-o", "mermaid", "--unfold", "--direction", "down")
  expect(open.stdout).toContain("flowchart TB")
  expect(open.stdout).toContain('["a.1"]')
  expect((await graph(files, "d.yaml", "-o", "svg")).stdout).toMatch(
    /^<svg [^>]*>\n<title>diamond</,
  )
})

test("a broken text is drawn as far as it can be read; the exit code tells", async () => {
  const broken = diamond.replace("target: a", "target: gone").replace("target: b", "target: c")
  const { code, stdout, stderr } = await graph({ "d.yaml": broken }, "d.yaml")
  expect(code).toBe(1)
  expect(JSON.parse(stdout).edges).toEqual([
    { from: "d.0", to: "c." },
    { from: "c.", to: "d.0" },
  ])
  expect(stderr).toMatch(/^"d.yaml" has \d+ errors?; the graph shows what can be read of it\./)
})

test("of several workflows the first is shown, or the one named", async () => {
  const other = execution("other", "  - {name: z, type: Job, image: busybox, commandSet: [echo]}\n")
  const files = { "two.yaml": `${diamond}---\n${other}` }
  const first = await graph(files, "two.yaml")
  expect(JSON.parse(first.stdout).name).toBe("diamond")
  expect(first.stderr).toContain("holds 2 workflows")
  const second = await graph(files, "two.yaml", "--name", "other")
  expect([JSON.parse(second.stdout).name, second.stderr]).toEqual(["other", ""])
  const none = await graph(files, "two.yaml", "--name", "third")
  expect([none.code, none.stdout]).toEqual([2, ""])
})

test("a graph that fits in no memory is refused with its size, and still drawn by task", async () => {
  const rows = `[[${Array.from({ length: 300 }, (_, i) => i)}], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]`
  const task = (name: string, rest: string) =>
    `  - {name: ${name}, type: Job, image: busybox, commandsIter: {command: "echo \${1} \${2}", varsIter: ${rows}}${rest}}\n`
  const files = {
    "big.yaml": execution(
      "big",
      task("a", "") + task("b", ", dependents: [{target: a, type: whole}]"),
    ),
  }
  const { code, stdout, stderr } = await graph(files, "big.yaml")
  expect([code, stdout]).toEqual([1, ""])
  expect(stderr).toContain("6000 steps and 9000000 edges")
  expect((await graph(files, "big.yaml", "-o", "mermaid")).stdout).toContain("b ×3000")
})

test("what is no workflow, no file or one file too many is wrong use", async () => {
  const files = { "values.yaml": "replicas: 3\n", "d.yaml": diamond }
  for (const args of [[], ["values.yaml"], ["gone.yaml"], ["d.yaml", "values.yaml"]]) {
    const { code, stdout, stderr } = await graph(files, ...args)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toMatch(/^.+\.\n$/)
  }
})

function execution(name: string, tasks: string): string {
  return `apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\nmetadata: {name: ${name}}\nspec:\n  tasks:\n${tasks}`
}

async function graph(files: Record<string, string>, ...args: string[]) {
  const io = memoryIo({ files })
  const code = await main(["graph", ...args], io)
  return { code, ...io.written }
}

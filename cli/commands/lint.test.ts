import { expect, test } from "vitest"
import { main } from "../main.ts"
import { memoryIo, refusal } from "../memoryIo.fixture.ts"

const good = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: good}
spec:
  tasks:
  - {name: a, type: Job, image: busybox, commandSet: [echo a]}
`
const bad = good.replace("echo a]", "echo a], dependents: [{target: b, type: whole}]")

test("a good file is said to be good", async () => {
  const { code, stdout, stderr } = await lint({ "a.yaml": good }, "a.yaml")
  expect([code, stdout, stderr]).toEqual([0, "1 file, no problems\n", ""])
})

test("a mistake is named by place, severity and code, its sentence beneath, then the count", async () => {
  const { code, stdout } = await lint({ "a.yaml": good, "dir/b.yaml": bad }, "a.yaml", "dir")
  expect(code).toBe(1)
  const [head, place, sentence, ...rest] = stdout.split("\n")
  expect(head).toBe("dir/b.yaml")
  expect(place).toMatch(/^ {2}6:\d+ {2}error {4}unknown-dependency$/)
  expect(sentence).toMatch(/^ {4}.*"b"/)
  expect(rest).toEqual(["", "1 error in 1 of 2 files", ""])
})

test("json places are those of LSP: from zero, in UTF-16 units", async () => {
  const wide = bad.replace("name: a,", 'name: a, x-note: "😀",')
  const { stdout } = await lint({ "a.yaml": wide }, "a.yaml", "--output", "json")
  const found = JSON.parse(stdout).find(
    (finding: { code: string }) => finding.code === "unknown-dependency",
  )
  const character = wide.split("\n")[5]?.indexOf("b, type") ?? -1
  expect(found).toMatchObject({
    file: "a.yaml",
    dialect: "execution",
    severity: "error",
    message: expect.stringContaining('"b"'),
    range: { start: { line: 5, character }, end: { line: 5, character: character + 1 } },
  })
})

test("sarif counts from one and names each code once", async () => {
  const files = { "odd name.yaml": bad.replace("whole}", "whole}, {target: c, type: whole}") }
  const { code, stdout } = await lint(files, "odd name.yaml", "-o", "sarif")
  const [run] = JSON.parse(stdout).runs
  expect(code).toBe(1)
  expect(run.tool.driver.rules).toContainEqual({ id: "unknown-dependency" })
  const results = run.results.filter(
    (result: { ruleId: string }) => result.ruleId === "unknown-dependency",
  )
  expect(results.length).toBe(2)
  for (const { ruleId, ruleIndex, level, locations } of results) {
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
    expect(level).toBe("error")
    expect(locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: "odd%20name.yaml" },
      region: { startLine: 6, endLine: 6 },
    })
  }
})

test("standard input is a file without a name", async () => {
  const io = memoryIo({ stdin: `\ufeff${bad}` })
  expect(await main(["lint", "-", "-o", "json"], io)).toBe(1)
  expect(JSON.parse(io.written.stdout)[0]).toMatchObject({ file: "<stdin>" })
})

test("of a folder only specs are looked at, and what others installed there is not", async () => {
  const files = {
    "specs/b.yaml": bad,
    "specs/deep/a.json": JSON.stringify({
      kind: "Execution",
      apiVersion: "execution.kubegene.io/v1alpha1",
    }),
    "specs/values.yaml": "replicas: 3\n",
    "specs/notes.md": bad,
    "specs/node_modules/x/b.yaml": bad,
    "specs/.git/b.yaml": bad,
  }
  const { stdout, stderr } = await lint(files, "specs/")
  expect(stdout).toContain("specs/b.yaml\n")
  expect(stdout).toMatch(/ of 2 files\n$/)
  expect(stderr).toBe("")
})

test("a file named that is no workflow is said and passed by", async () => {
  const { code, stdout, stderr } = await lint(
    { "values.yaml": "replicas: 3\n", "a.yaml": good },
    "values.yaml",
    "a.yaml",
  )
  expect([code, stdout]).toEqual([0, "1 file, no problems\n"])
  expect(stderr).toBe('"values.yaml" is not a workflow; it was not looked at.\n')
})

test("nothing to look at is wrong use", async () => {
  expect((await lint({ "values.yaml": "replicas: 3\n" }, "values.yaml")).code).toBe(2)
  expect((await lint({})).code).toBe(2)
})

test("a file that cannot be read costs one sentence; the others are looked at", async () => {
  const files = { "a.yaml": good, "no.yaml": refusal("EACCES"), "odd.yaml": refusal("EIO") }
  const { code, stdout, stderr } = await lint(files, "no.yaml", "gone.yaml", "odd.yaml", "a.yaml")
  expect([code, stdout]).toEqual([2, "1 file, no problems\n"])
  expect(stderr.split("\n")).toEqual([
    '"no.yaml" may not be read by you.',
    '"gone.yaml" does not exist.',
    '"odd.yaml" cannot be read (EIO).',
    "",
  ])
})

test("--dialect says what a text is that does not say so itself, and changes nothing else", async () => {
  const bare = bad.split("\n").slice(2).join("\n")
  const files = { "a.yaml": bare, "b.yaml": bad }
  expect((await lint(files, "a.yaml")).code).toBe(2)
  const { code, stdout } = await lint(files, "a.yaml", "--dialect", "execution", "-o", "json")
  expect([code, JSON.parse(stdout)[0].dialect, JSON.parse(stdout)[0].file]).toEqual([
    1,
    "execution",
    "a.yaml",
  ])
  const other = await lint(files, "b.yaml", "--dialect", "gcs", "-o", "json")
  expect(JSON.parse(other.stdout)[0].dialect).toBe("execution")
})

test("a file of more than 20 MB is refused", async () => {
  const { code, stderr } = await lint({ "a.yaml": new Uint8Array(21 * 1024 * 1024) }, "a.yaml")
  expect([code, stderr]).toEqual([2, '"a.yaml" has 21 MB; a spec may have 20 MB at most.\n'])
})

test("colours are for terminals, and not where NO_COLOR is set", async () => {
  const files = { "a.yaml": bad }
  const colour = "\u001b["
  expect((await lint(files, "a.yaml")).stdout).not.toContain(colour)
  const terminal = memoryIo({ files, terminal: 40 })
  await main(["lint", "a.yaml"], terminal)
  expect(terminal.written.stdout).toContain(`${colour}31merror`)
  const plain = memoryIo({ files, terminal: 40, env: { NO_COLOR: "1" } })
  await main(["lint", "a.yaml"], plain)
  expect(plain.written.stdout).not.toContain(colour)
  for (const line of plain.written.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(40)
})

test("names in a message cannot steer the terminal", async () => {
  const hostile = bad.replace("target: b", 'target: "\\e]0;x\\a\\u202e"')
  const { stdout } = await lint({ "a.yaml": hostile }, "a.yaml")
  expect(stdout).toContain("␛]0;x␇�")
})

async function lint(files: Record<string, string | Uint8Array | Error>, ...args: string[]) {
  const io = memoryIo({ files })
  const code = await main(["lint", ...args], io)
  return { code, ...io.written }
}

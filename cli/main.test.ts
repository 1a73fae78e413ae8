import { expect, test } from "vitest"
import { flatten } from "./command.ts"
import { commands } from "./commands.ts"
import { main } from "./main.ts"
import { memoryIo } from "./memoryIo.fixture.ts"

test("the version goes to stdout", async () => {
  expect(await run("--version")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\./) })
})

test("help is a result when asked for, talk when nothing was", async () => {
  const asked = await run("--help")
  expect(asked).toMatchObject({ code: 0, stderr: "" })
  for (const { name, summary } of commands) {
    expect(asked.stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, "m"))
  }
  expect(await run()).toEqual({ code: 2, stdout: "", stderr: asked.stdout })
})

test("every command says what it takes, with every option, in lines that fit a terminal", async () => {
  for (const { name, options } of flatten(commands)) {
    const words = name.split(" ")
    const { code, stdout } = await run(...words, "--help")
    expect(code).toBe(0)
    expect(await run("help", ...words)).toMatchObject({ stdout })
    for (const option of Object.keys(options)) expect(stdout).toContain(`--${option}`)
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100)
  }
})

test("a word with several commands lists them, and knows when it gets none of them", async () => {
  const { code, stdout } = await run("colonies", "--help")
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ {2}fs snapshot create +Remember/m)
  expect(await run("colonies")).toEqual({ code: 2, stdout: "", stderr: stdout })
  expect((await run("colonies", "sumbit")).stderr).toBe(
    '"sumbit" is not a command. Did you mean "submit"?\nSee kube-executions colonies --help.\n',
  )
})

test("a wrong word earns one sentence with the nearest right one, and exit code 2", async () => {
  const cases: [string[], string][] = [
    [["lnt"], '"lnt" is not a command. Did you mean "lint"?'],
    [["help", "lnt"], '"lnt" is not a command. Did you mean "lint"?'],
    [["nothing-like-it"], '"nothing-like-it" is not a command.'],
    [["--vrsion"], 'There is no option "--vrsion" before a command.'],
    [["lint", "--ouput", "json"], '"lint" has no option "--ouput". Did you mean "--output"?'],
    [["lint", "-x"], '"lint" has no option "-x".'],
    [["lint", "--output", "xml"], '--output is "text", "json" or "sarif", not "xml".'],
    [["lint", "-o=xml"], '-o is "text", "json" or "sarif", not "xml".'],
    [["lint", "-oxml"], '-o is "text", "json" or "sarif", not "xml".'],
    [["lint", "--output=", "x"], '--output is "text", "json" or "sarif", not "".'],
    [["lint", "a", "--output"], "--output wants a value: --output FORMAT."],
    [["lint", "--output", "--dialect", "gcs"], "--output wants a value: --output FORMAT."],
    [["lint\u001b[2J"], '"lint␛[2J" is not a command.'],
  ]
  for (const [args, sentence] of cases) {
    const { code, stdout, stderr } = await run(...args)
    expect([code, stdout, stderr.split("\n")[0]]).toEqual([2, "", sentence])
  }
})

async function run(...args: string[]) {
  const io = memoryIo()
  const code = await main(args, io)
  return { code, ...io.written }
}

import { execFileSync } from "node:child_process"
import { expect, test } from "vitest"
import { flatten } from "../command.ts"
import { commands } from "../commands.ts"
import { main } from "../main.ts"
import { memoryIo } from "../memoryIo.fixture.ts"

test("every shell learns every command and every option", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout, stderr } = await completion(shell)
    expect([code, stderr]).toEqual([0, ""])
    for (const { name, options } of flatten(commands)) {
      for (const word of name.split(" ")) expect(stdout).toMatch(new RegExp(`\\b${word}\\b`))
      for (const option of Object.keys(options)) expect(stdout).toContain(option)
    }
  }
})

test("bash completes commands, options, and the few words that an option takes", async () => {
  const { stdout } = await completion("bash")
  const complete = (...words: string[]) =>
    execFileSync(
      "bash",
      [
        "--norc",
        "-c",
        `${stdout}
COMP_WORDS=(kube-executions "$@"); COMP_CWORD=$#
_kube_executions; printf '%s\\n' "\${COMPREPLY[@]}"`,
        "bash",
        ...words,
      ],
      { encoding: "utf8", env: { PATH: process.env.PATH } },
    )
      .trim()
      .split("\n")
  expect(complete("un")).toEqual(["uninstall"])
  expect(complete("plan", "--to")).toEqual(["--tool-repo"])
  expect(complete("run", "x.yaml", "--dry-run", "")).toEqual(["client", "server"])
  expect(complete("completion", "f")).toEqual(["fish"])
  expect(complete("colonies", "su")).toEqual(["submit"])
  expect(complete("colonies", "fs", "snapshot", "d")).toEqual(["download"])
  expect(complete("colonies", "ps", "--state", "fa")).toEqual(["failed"])
  expect(complete("lint", "package.j")).toEqual(["package.json"])
})

test("a shell we do not know is wrong use", async () => {
  expect(await completion("csh")).toEqual({
    code: 2,
    stdout: "",
    stderr: 'Name your shell: bash, zsh or fish, not "csh".\n',
  })
  expect((await completion()).code).toBe(2)
})

async function completion(...args: string[]) {
  const io = memoryIo()
  const code = await main(["completion", ...args], io)
  return { code, ...io.written }
}

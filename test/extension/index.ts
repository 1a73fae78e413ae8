import { readdirSync } from "node:fs"
import { join } from "node:path"
import Mocha from "mocha"
import { record } from "../support/record.mts"
import { noteCommands } from "./support/calledCommands.ts"

const last = "everyCommand.test.js"

/**
 * Called by VS Code in its extension host: runs every suite beside this file and writes down what
 * became of each test, for the runner's table.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true)
  const mocha = new Mocha({ ui: "bdd", reporter: "spec", color: false, timeout: 30_000 })
  const only = process.env.KUBE_EXECUTIONS_ONLY
  if (only) mocha.fgrep(only)
  noteCommands()
  const files = readdirSync(__dirname).filter((name) => name.endsWith(".test.js"))
  // The one that looks back at all the others comes last.
  for (const name of files.toSorted((a, b) => Number(a === last) - Number(b === last))) {
    mocha.addFile(join(__dirname, name))
  }
  await new Promise<void>((done, failed) => {
    const runner = mocha.run((failures) => {
      record({ kind: "end" })
      if (failures === 0) done()
      else failed(new Error(`${failures} of the extension's tests failed`))
    })
    runner.on("test", (test) => record({ kind: "begun", name: test.fullTitle() }))
    runner.on("pass", (test) => record({ kind: "test", name: test.fullTitle(), state: "passed" }))
    runner.on("pending", (test) =>
      record({ kind: "test", name: test.fullTitle(), state: "skipped" }),
    )
    runner.on("fail", (test, error) =>
      record({ kind: "test", name: test.fullTitle(), state: "failed", error: error.message }),
    )
  })
}

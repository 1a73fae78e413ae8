import { after, afterEach, before, type TestContext } from "node:test"
import { logsFolder } from "../support/folders.mts"
import { record } from "../support/record.mts"
import { openWorkbench, type Workbench, type WorkbenchOptions } from "./workbench.mts"

/**
 * One workbench for the tests of a file; call the answer inside a test. When a test fails, its last
 * sight is kept as a screenshot and named. Options that must be made first come from a function:
 * hooks at the top of a file do not wait for each other.
 */
export function useWorkbench(
  options: WorkbenchOptions | (() => Promise<WorkbenchOptions>),
): () => Workbench {
  let workbench: Workbench | undefined
  before(async () => {
    workbench = await openWorkbench(typeof options === "function" ? await options() : options)
  })
  afterEach(async (context) => {
    const { name, passed } = context as TestContext & { readonly passed: boolean }
    if (passed || workbench === undefined) return
    const screenshot = await workbench.screenshot(`failed ${name}`)
    record({ kind: "screenshot", name, path: screenshot })
    console.error(`"${name}" failed. Screenshot: ${screenshot}. Logs: ${logsFolder}`)
  })
  after(() => workbench?.close())
  return () => {
    if (workbench === undefined) throw new Error("The workbench is there inside tests only.")
    return workbench
  }
}

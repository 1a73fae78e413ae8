import { window } from "vscode"
import { moveHere } from "../places/moveHere.ts"
import { isSpec } from "../specs.ts"
import type { Command } from "./command.ts"
import { openExample } from "./openExample.ts"
import { run } from "./run.ts"

/** New runs go to this machine from now on; the first one is what is open, else an example. */
export const runHere: Command = async (context) => {
  if (!(await moveHere(context))) return
  const document = window.activeTextEditor?.document
  if (!document || !isSpec(document)) await openExample(context, "hello.yaml")
  await run(context)
}

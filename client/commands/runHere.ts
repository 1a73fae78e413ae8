import { l10n, window } from "vscode"
import { isSpec } from "../specs.ts"
import type { Command, CommandContext } from "./command.ts"
import { openExample } from "./openExample.ts"
import { run } from "./run.ts"

/** New runs go to this machine from now on; the first one is what is open, else an example. */
export const runHere: Command = async (context) => {
  if (!(await moveHere(context))) return
  const document = window.activeTextEditor?.document
  if (!document || !isSpec(document)) await openExample(context, "hello.yaml")
  await run(context)
}

/** False when nothing can run here and nobody wants to see how it would go. */
async function moveHere({ places }: CommandContext): Promise<boolean> {
  const before = places.choice
  await places.choose({ kind: "local" })
  try {
    await places.open()
    return true
  } catch (error) {
    await places.choose(before)
    const rehearse = l10n.t("Rehearse Instead")
    const message = error instanceof Error ? error.message : String(error)
    if ((await window.showWarningMessage(message, rehearse)) !== rehearse) return false
    await places.choose({ kind: "rehearsal" })
    await places.open()
    return true
  }
}

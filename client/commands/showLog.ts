import { window } from "vscode"
import type { RunsNode } from "../views/runsNode.ts"
import type { Command } from "./command.ts"

/** Opens the log of the run a tree row belongs to, or of one that is picked. */
export const showLog: Command = async ({ runs, logs }, target) => {
  const node = target as RunsNode | undefined
  if (node?.kind === "run") return logs.show(node.place, node.run.name)
  if (node?.kind === "task" || node?.kind === "step") return logs.show(node.place, node.run)
  const items = runs.places.flatMap(({ place, runs }) =>
    runs.map((run) => ({ label: run.name, description: run.message, place: place.id })),
  )
  if (items.length === 0) {
    void window.showInformationMessage("No run yet. Open a spec and choose Run.")
    return
  }
  const picked = await window.showQuickPick(items, { title: "Show the log of a run" })
  if (picked) await logs.show(picked.place, picked.label)
}
